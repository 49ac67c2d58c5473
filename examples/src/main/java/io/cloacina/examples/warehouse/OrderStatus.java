package io.cloacina.examples.warehouse;

import io.cloacina.api.Labeled;

/** What became of an order. */
public enum OrderStatus implements Labeled {
    /** Stored, and its workflow submitted. */
    PLACED("placed"),
    /** Its goods were taken out of the stock. */
    BOOKED("booked"),
    /** There was not enough in stock. */
    REFUSED("refused");

    private final String label;

    OrderStatus(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
