package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.type.TypeFactory;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.TypeOf;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.PackageTrust;
import io.cloacina.engine.model.Schedule;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** Each engine has a mapper of its own, to which the application adds what it likes. */
class MapperTest {
    /** What no mapper knows by itself: it has no properties, and no constructor for one. */
    static final class Money {
        private final long cents;

        private Money(long cents) {
            this.cents = cents;
        }

        static Money of(String text) {
            return new Money(Math.round(Double.parseDouble(text) * 100));
        }

        Money plus(Money other) {
            return new Money(cents + other.cents);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Money money && money.cents == cents;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(cents);
        }

        @Override
        public String toString() {
            return cents / 100 + "." + cents % 100 / 10 + cents % 10;
        }
    }

    record Price(String articleName, Money amount) {}

    static final class MoneyModule extends SimpleModule {
        private static final long serialVersionUID = 1L;

        MoneyModule() {
            super("money");
            addSerializer(new Writer());
            addDeserializer(Money.class, new Reader());
        }
    }

    static final class Writer extends StdSerializer<Money> {
        private static final long serialVersionUID = 1L;

        Writer() {
            super(Money.class);
        }

        @Override
        public void serialize(Money value, JsonGenerator to, SerializerProvider provider) throws IOException {
            to.writeString(value.toString());
        }
    }

    static final class Reader extends StdDeserializer<Money> {
        private static final long serialVersionUID = 1L;

        Reader() {
            super(Money.class);
        }

        @Override
        public Money deserialize(JsonParser from, DeserializationContext context) throws IOException {
            return Money.of(from.getText());
        }
    }

    private static final WorkflowDefinition ADD = WorkflowDefinition.named("add")
            .task(
                    "sum",
                    context -> context.output(context.get("first", Money.class)
                            .plus(context.get("second", new TypeOf<Price>() {}).amount())))
            .build();

    private static final WorkflowDefinition ALL = WorkflowDefinition.named("all")
            .task(
                    "children",
                    context ->
                            context.output(Map.of("first", Money.of("1.10"), "second", new Price("a", Money.of("2")))),
                    task -> task.child("add").take("sum"))
            .task(
                    "each",
                    context -> context.output(context.element(Money.class).plus(Money.of("0.01"))),
                    task -> task.forEach("moneys"))
            .task(
                    "answered",
                    context -> context.output(context.signal(Money.class)
                            .plus(context.findSignal(Money.class).orElseThrow())),
                    task -> task.signal("answer"))
            .build();

    @DatabaseTest
    void a_module_of_the_application_serves_inputs_outputs_signals_elements_and_results(TestDatabase database) {
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(ADD)
                .workflow(ALL)
                .configure(builder -> builder.json(mapper -> mapper.addModule(new MoneyModule())))
                .start()) {
            UUID id = engine.submit("all", Map.of("moneys", List.of(Money.of("1"), Money.of("2"))));
            engine.engine().signal(id, "answer", Money.of("21"));
            engine.tick();

            assertThat(engine, id).isCompleted();
            var context = engine.engine().context(id);
            assertThat(context.get("children", Money.class)).hasToString("3.10");
            assertThat(context.get("each", new TypeOf<List<Money>>() {}))
                    .containsExactly(Money.of("1.01"), Money.of("2.01"));
            assertThat(context.get("answered", Money.class)).hasToString("42.00");
            assertThat(context.json()).contains("\"answered\":\"42.00\"");
        }
    }

    @DatabaseTest
    void a_module_of_the_application_serves_engines_with_threads(TestDatabase database) {
        String url = database.url();
        try (Engine engine = Engine.builder(url)
                .json(mapper -> mapper.addModule(new MoneyModule()))
                .workflow(ADD)
                .start()) {
            UUID id = engine.submit("add", Map.of("first", Money.of("1"), "second", new Price("a", Money.of("2"))));

            assertThat(engine.await(id, Duration.ofSeconds(30))).isPresent();
            assertThat(engine.context(id).get("sum", Money.class)).hasToString("3.00");
        }
    }

    @DatabaseTest
    void a_module_of_the_application_serves_schedules(TestDatabase database) {
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(ADD)
                .configure(builder -> builder.json(mapper -> mapper.addModule(new MoneyModule())))
                .start()) {
            Schedule schedule = Schedule.of("hourly", "add")
                    .cron("0 * * * *")
                    .input(Map.of("first", Money.of("1"), "second", new Price("a", Money.of("2"))));
            engine.engine().schedules().put(schedule);
            engine.advance(Duration.ofHours(1));

            UUID id = engine.engine().schedules().history("hourly", 1).get(0).executionId();
            assertThat(engine, id).isCompleted();
            assertThat(engine.engine().context(id).get("sum", Money.class)).hasToString("3.00");
            assertThat(engine.engine()
                            .schedules()
                            .find("hourly")
                            .orElseThrow()
                            .schedule()
                            .input()
                            .get("first"))
                    .isEqualTo("1.00");
        }
    }

    @DatabaseTest
    void engines_in_one_process_do_not_share_their_mappers(TestDatabase database) {
        WorkflowDefinition quote = WorkflowDefinition.named("quote")
                .task("t", context -> context.output(new Price("lamp", Money.of("3"))))
                .build();
        try (TestEngine snakes = TestEngine.on(database.url())
                        .workflow(quote)
                        .configure(builder -> builder.json(mapper -> mapper.addModule(new MoneyModule()))
                                .json(mapper -> mapper.propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)))
                        .start();
                TestEngine camels = TestEngine.on(database.url())
                        .workflow(quote)
                        .configure(builder -> builder.json(mapper -> mapper.addModule(new MoneyModule())))
                        .start();
                TestEngine plain = TestEngine.on(database.url())
                        .workflow(quote)
                        .workflow(ADD)
                        .start()) {
            assertThat(snakes.engine().context(snakes.run("quote").id()).json()).contains("\"article_name\":\"lamp\"");
            assertThat(camels.engine().context(camels.run("quote").id()).json()).contains("\"articleName\":\"lamp\"");
            assertThatThrownBy(() -> plain.submit("add", Map.of("first", Money.of("1"))))
                    .isInstanceOfSatisfying(
                            CloacinaException.class, e -> assertThat(e.code()).isEqualTo("NOT_JSON"));
        }
    }

    @DatabaseTest
    void unloading_a_package_leaves_the_mappers_of_the_application_alone_and_keeps_its_modules(TestDatabase database) {
        AtomicInteger mappers = new AtomicInteger();
        Object type = TypeFactory.defaultInstance().constructParametricType(List.class, Price.class);
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(ADD)
                .configure(builder -> builder.packages(PackageTrust.any()).json((JsonMapper.Builder mapper) -> {
                    mappers.incrementAndGet();
                    mapper.addModule(new MoneyModule());
                }))
                .start()) {
            Engine one = engine.engine();
            one.packages().upload(PackageJars.of("invoices", "1", "invoice", "").jar(), null);
            engine.tick();
            one.packages().delete("invoices", "1");
            engine.advance(Duration.ofMinutes(2));
            engine.tick();

            assertThat(mappers).as("a new mapper for a package that is gone").hasValue(2);
            assertThat(TypeFactory.defaultInstance().constructParametricType(List.class, Price.class))
                    .isSameAs(type);
            UUID id = engine.submit("add", Map.of("first", Money.of("1"), "second", new Price("a", Money.of("2"))));
            engine.tick();
            assertThat(one.context(id).get("sum", Money.class)).hasToString("3.00");
        }
    }
}
