package com.example.orders;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.when;

import io.cloacina.spring.test.CloacinaTest;
import io.cloacina.testing.TestEngine;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

@CloacinaTest
class OrderWorkflowTest {
    @Autowired
    private TestEngine engine;

    @Autowired
    private OrderController orders;

    @MockitoBean
    private Card card;

    @Test
    void a_card_that_is_not_reached_is_charged_again_after_a_second() throws InterruptedException {
        when(card.charge(7))
                .thenThrow(new IllegalStateException("the line is busy"))
                .thenReturn("receipt-7");
        UUID order = orders.order(7);
        engine.tick();
        assertThat(engine, order).hasTask("charge").ready().onAttempt(1);

        engine.advance(Duration.ofSeconds(1));
        assertThat(engine, order).isCompleted();
        assertThat(orders.find(7)).containsEntry("receipt", "receipt-7").containsEntry("bookings", 1);
    }
}
