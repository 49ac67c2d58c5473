package io.cloacina.examples;

import io.cloacina.api.TaskContext;
import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.Workflow;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.EngineInterceptor;
import io.cloacina.engine.model.Submission;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.MDC;

/** Who asked for something is known wherever it is done. */
public final class Audited {
    private Audited() {}

    /** Takes the user of a request along, from the thread that submits to the threads that run the tasks. */
    public static final class UserContext implements EngineInterceptor {
        static final ThreadLocal<String> USER = new ThreadLocal<>();
        private static final String KEY = "submittedBy";

        @Override
        public List<UUID> aroundSubmit(List<Submission> submissions, Submitting next) {
            String user = USER.get();
            if (user == null) {
                throw new SecurityException("nobody is signed in");
            }
            return next.submit(
                    submissions.stream().map(each -> withUser(each, user)).toList());
        }

        @Override
        public void aroundBody(TaskContext task, Running next) throws Exception {
            USER.set(task.get(KEY, String.class));
            MDC.put("user", USER.get());
            try {
                next.run();
            } finally {
                MDC.remove("user");
                USER.remove();
            }
        }

        private static Submission withUser(Submission submission, String user) {
            Map<String, Object> input = new HashMap<>(submission.input());
            input.put(KEY, user);
            return submission.input(input);
        }
    }

    /** A report, signed by whom it is for. */
    @Workflow(name = "audited-report")
    public static class Report {
        @Task
        String sign(@Input String title) {
            return title + ", for " + UserContext.USER.get();
        }
    }

    /** Argument: the URL of a database. */
    public static void main(String[] arguments) {
        try (Engine engine = Engine.builder(arguments[0])
                .workflow(new Report())
                .interceptor(new UserContext())
                .start()) {
            try {
                engine.submit("audited-report", Map.of("title", "Sales"));
            } catch (SecurityException e) {
                System.out.println(e.getMessage());
            }
            UserContext.USER.set("Ada");
            UUID id = engine.submit("audited-report", Map.of("title", "Sales"));
            UserContext.USER.remove();
            System.out.println(engine.await(id).status().label());
            System.out.println(engine.context(id).get("sign", String.class));
        }
    }
}
