package com.example.shop;

import io.cloacina.api.WorkflowProvider;
import io.cloacina.engine.Engine;
import io.cloacina.engine.EngineBuilder;
import io.cloacina.engine.model.EngineListener;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.ServiceLoader;
import javax.sql.DataSource;

/** Makes the engine a bean of the types Engine and WorkflowClient. It starts after, and stops before, all others. */
@ApplicationScoped
class EngineBean {
    private static final int LAST = Integer.MAX_VALUE;

    /** The first start asks for the workflows, so these may need the engine themselves. */
    @Produces
    @Singleton
    Engine engine(DataSource database, @Any Instance<Object> beans) {
        return Engine.configuredAtStart(() -> {
            EngineBuilder builder = Engine.builder(database);
            for (WorkflowProvider<?> each : ServiceLoader.load(WorkflowProvider.class)) {
                beans.select(each.type()).forEach(builder::workflow);
            }
            beans.select(EngineListener.class).forEach(builder::listener);
            return builder;
        });
    }

    void start(@Observes @Priority(LAST) Startup event, Engine engine) {
        engine.start();
    }

    void stop(@Observes @Priority(0) Shutdown event, Engine engine) {
        engine.stop();
    }
}
