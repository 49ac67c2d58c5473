package io.cloacina.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.MDC;
import org.slf4j.helpers.BasicMDCAdapter;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.NOPLoggerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/** Log lines of a body say which task they are of. */
class MdcTest {
    /** A logging library with a diagnostic context, which the one of these tests has not. */
    public static final class Logging implements SLF4JServiceProvider {
        private final ILoggerFactory loggers = new NOPLoggerFactory();
        private final IMarkerFactory markers = new BasicMarkerFactory();
        private final MDCAdapter context = new BasicMDCAdapter();

        @Override
        public ILoggerFactory getLoggerFactory() {
            return loggers;
        }

        @Override
        public IMarkerFactory getMarkerFactory() {
            return markers;
        }

        @Override
        public MDCAdapter getMDCAdapter() {
            return context;
        }

        @Override
        public String getRequestedApiVersion() {
            return "2.0.99";
        }

        @Override
        public void initialize() {
            // All is there.
        }
    }

    /** Runs two tasks in a process of its own, since a process has one logging library. */
    static final class Program {
        public static void main(String[] arguments) throws Exception {
            WorkflowDefinition workflow = WorkflowDefinition.named("seen")
                    .task("usual", context -> {
                        context.put("usually", MDC.getCopyOfContextMap());
                        MDC.put("left", "behind");
                    })
                    .task(
                            "transactional",
                            context -> context.put("transactionally", MDC.getCopyOfContextMap()),
                            task -> task.after("usual").transactional())
                    .build();
            ExecutorService own = Executors.newSingleThreadExecutor();
            own.submit(() -> MDC.put("mine", "kept")).get();
            try (Engine engine = Engine.builder(arguments[0])
                    .workflow(workflow)
                    .executor(own)
                    .start()) {
                UUID id = engine.submit("seen", Map.of());
                engine.await(id);
                String text = id.toString();
                require(engine, id, "usually", "usual", text);
                require(engine, id, "transactionally", "transactional", text);
            }
            Future<Map<String, String>> after = own.submit(MDC::getCopyOfContextMap);
            if (!after.get().equals(Map.of("mine", "kept"))) {
                throw new AssertionError("the thread has " + after.get());
            }
            own.shutdown();
        }

        private static void require(Engine engine, UUID id, String key, String task, String text) {
            Map<?, ?> seen = engine.context(id).get(key, Map.class);
            Map<String, String> wanted =
                    Map.of("mine", "kept", "workflow", "seen", "execution", text, "task", task, "attempt", "1");
            if (!seen.equals(wanted)) {
                throw new AssertionError(seen + " is not " + wanted);
            }
        }
    }

    @DatabaseTest
    void a_body_has_the_names_of_its_task_and_a_thread_gets_back_what_it_had(TestDatabase database) throws Exception {
        Process process =
                OwnProcess.start(Program.class, database.url(), "-Dslf4j.provider=" + Logging.class.getName());

        assertThat(process.waitFor()).isZero();
    }
}
