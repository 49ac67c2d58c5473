package io.cloacina.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.engine.WorkflowClient;
import io.cloacina.engine.model.Submission;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A part of an application that takes a client is tested without an engine. */
class ReceptionTest {
    @Test
    void somebody_who_comes_twice_is_greeted_once() {
        Map<String, UUID> greeted = new HashMap<>();
        WorkflowClient client = (WorkflowClient) Proxy.newProxyInstance(
                ReceptionTest.class.getClassLoader(), new Class<?>[] {WorkflowClient.class}, (self, method, given) -> {
                    assertThat(method.getName()).isEqualTo("submit");
                    return greeted.computeIfAbsent(
                            ((Submission) given[0]).idempotencyKey().orElseThrow(), key -> UUID.randomUUID());
                });
        Embedded.Reception reception = new Embedded.Reception(client);

        assertThat(reception.welcome("Ada")).isEqualTo(reception.welcome("Ada"));
        assertThat(greeted).containsOnlyKeys("welcome-Ada");
    }
}
