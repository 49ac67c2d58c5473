package com.example.orders;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.when;

import io.cloacina.spring.test.CloacinaTest;
import io.cloacina.testing.TestEngine;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

/** What becomes of orders, without waiting. */
@CloacinaTest
class FulfilmentTest {
    @Autowired
    private TestEngine engine;

    @Autowired
    private OrderController orders;

    @MockitoBean
    private Bank bank;

    private UUID place(long number, long cents) {
        return orders.place(new OrderController.NewOrder(number, cents)).execution();
    }

    @Test
    void a_bank_that_is_not_reached_is_asked_again() {
        when(bank.charge(anyString(), eq(4_900L)))
                .thenThrow(new IllegalStateException("the line is busy"))
                .thenReturn("receipt-7");
        UUID execution = place(7, 4_900);
        engine.tick();
        assertThat(engine, execution).hasTask("charge").ready().onAttempt(1);

        engine.advance(Duration.ofMillis(200));
        assertThat(engine, execution).isCompleted();
        assertThat(orders.find(7).getReceipt()).isEqualTo("receipt-7");
    }

    @Test
    void an_order_is_cancelled_when_the_bank_has_refused_it_three_times() {
        when(bank.charge(anyString(), eq(4_901L))).thenThrow(new IllegalStateException("no"));
        UUID execution = place(8, 4_901);
        engine.tick();
        engine.advance(Duration.ofSeconds(1));
        engine.advance(Duration.ofSeconds(1));
        assertThat(engine, execution).hasTask("charge").failed();
        assertThat(orders.find(8).getState()).isEqualTo(PurchaseOrder.State.CANCELLED);
    }
}
