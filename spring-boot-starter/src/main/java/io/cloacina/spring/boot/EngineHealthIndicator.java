package io.cloacina.spring.boot;

import io.cloacina.engine.Engine;
import io.cloacina.spring.EngineHealth;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Whether the engine can do its work. */
final class EngineHealthIndicator extends AbstractHealthIndicator {
    private final Engine engine;

    EngineHealthIndicator(Engine engine) {
        super("the database of the engine does not answer");
        this.engine = engine;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        EngineHealth health = EngineHealth.of(engine);
        builder.withDetails(health.details());
        if (health.isUp()) {
            builder.up();
        } else {
            builder.down();
        }
    }
}
