package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.WorkflowClient;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.EngineListener;
import io.cloacina.schema.type.Backend;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.se.SeContainer;
import jakarta.enterprise.inject.se.SeContainerInitializer;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteDataSource;

/** The program in a container of CDI. */
@Timeout(120)
class DispatchTest {
    private static TestDatabase database;
    private static String broken;
    private static boolean isBusy;

    /** What the program has beside: its database, and the post. */
    @Dependent
    static class Surroundings {
        @Produces
        @ApplicationScoped
        DataSource database() {
            if (database.backend() == Backend.POSTGRES) {
                PGSimpleDataSource source = new PGSimpleDataSource();
                source.setUrl(database.jdbcUrl());
                return source;
            }
            SQLiteDataSource source = new SQLiteDataSource();
            source.setUrl(database.jdbcUrl() + "?transaction_mode=IMMEDIATE&busy_timeout=20000&foreign_keys=true");
            return source;
        }

        @Produces
        @ApplicationScoped
        Post post() {
            return new Post() {
                @Override
                public String send(int number) {
                    if (isBusy) {
                        throw new IllegalStateException("the line is busy");
                    }
                    return "label-" + number;
                }

                @Override
                public void notice(int number) {
                    if (broken != null) {
                        throw new IllegalStateException(broken);
                    }
                }
            };
        }
    }

    /** A listener that needs the engine, as workflows may. */
    @ApplicationScoped
    static class Events implements EngineListener {
        static final Collection<EngineEvent> SEEN = new ConcurrentLinkedQueue<>();

        @Inject
        WorkflowClient workflows;

        @Override
        public void on(EngineEvent event) {
            assertThat(workflows).isNotNull();
            SEEN.add(event);
        }
    }

    private static SeContainer start(TestDatabase on) throws SQLException {
        database = on;
        broken = null;
        isBusy = false;
        Events.SEEN.clear();
        execute("CREATE TABLE IF NOT EXISTS orders (number INTEGER PRIMARY KEY, label TEXT, parcels INTEGER NOT NULL)");
        return SeContainerInitializer.newInstance()
                .disableDiscovery()
                .addBeanClasses(EngineBean.class, Shop.class, Dispatch.class, Surroundings.class, Events.class)
                .initialize();
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String order(int number) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT label, parcels FROM orders WHERE number = " + number)) {
            return rows.next() ? rows.getString(1) + " " + rows.getInt(2) : "none";
        }
    }

    @DatabaseTest
    void an_order_and_its_execution_are_stored_together_and_booked_once(TestDatabase test) throws SQLException {
        try (SeContainer container = start(test)) {
            Engine engine = container.select(Engine.class).get();
            UUID id = container.select(Shop.class).get().order(7);
            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(order(7)).isEqualTo("label-7 1");
            assertThat(container.select(WorkflowClient.class).get()).isSameAs(engine);

            assertThatThrownBy(() -> container.select(Shop.class).get().order(7))
                    .isInstanceOf(SQLException.class);
            assertThat(engine.list(ExecutionQuery.all().workflow("dispatch").unfinished()))
                    .isEmpty();
        }
        assertThat(Events.SEEN).isNotEmpty();
    }

    @DatabaseTest
    void what_a_failed_task_wrote_is_rolled_back(TestDatabase test) throws SQLException {
        try (SeContainer container = start(test)) {
            broken = "the post does not listen";
            Engine engine = container.select(Engine.class).get();
            UUID id = container.select(Shop.class).get().order(8);
            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(order(8)).isEqualTo("null 0");
        }
    }

    @DatabaseTest
    void the_engine_ends_with_the_container_and_the_next_one_continues(TestDatabase test) throws SQLException {
        Engine first;
        UUID id;
        try (SeContainer container = start(test)) {
            isBusy = true;
            first = container.select(Engine.class).get();
            id = container.select(Shop.class).get().order(9);
        }
        assertThat(first.isRunning()).isFalse();
        try (SeContainer container = start(test)) {
            Engine second = container.select(Engine.class).get();
            assertThat(second.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(order(9)).isEqualTo("label-9 1");
        }
    }
}
