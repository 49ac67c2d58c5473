package com.example.orders;

import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/** An order, as a row. */
@Entity
@Table(name = "orders")
public class PurchaseOrder {
    /** How far it has come. */
    public enum State {
        PLACED,
        PAID,
        CANCELLED
    }

    @Id
    private long number;

    private long cents;

    @Enumerated(EnumType.STRING)
    private State state = State.PLACED;

    private @Nullable String receipt;

    /** Called by JPA. */
    protected PurchaseOrder() {}

    PurchaseOrder(long number, long cents) {
        this.number = number;
        this.cents = cents;
    }

    public long getNumber() {
        return number;
    }

    public long getCents() {
        return cents;
    }

    public State getState() {
        return state;
    }

    public @Nullable String getReceipt() {
        return receipt;
    }

    void paid(String by) {
        state = State.PAID;
        receipt = by;
    }

    void cancelled() {
        state = State.CANCELLED;
    }
}
