package io.cloacina.examples;

import io.cloacina.api.TaskContext;
import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.Workflow;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.EngineInterceptor;
import io.cloacina.engine.model.Schedule;
import io.cloacina.engine.model.Submission;
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
                    submissions.stream().map(each -> each.carrying(KEY, user)).toList());
        }

        @Override
        public Map<String, String> onSchedule(String schedule, String workflow) {
            return Map.of(KEY, "schedule " + schedule);
        }

        @Override
        public void aroundBody(TaskContext task, Running next) throws Exception {
            Map<String, String> carried = next.carried();
            String user = carried.getOrDefault(KEY, "unknown");
            next.handOn(carried);
            USER.set(user);
            MDC.put("user", user);
            try {
                next.run();
            } finally {
                MDC.remove("user");
                USER.remove();
            }
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
            UserContext.USER.set("Grace");
            UUID again = engine.restart(id);
            UserContext.USER.remove();
            engine.await(again);
            System.out.println(engine.context(again).get("sign", String.class));
            engine.schedules()
                    .put(Schedule.of("weekly", "audited-report")
                            .cron("0 6 * * MON")
                            .input(Map.of("title", "Stock")));
            UUID scheduled = engine.schedules().fire("weekly");
            engine.await(scheduled);
            System.out.println(engine.context(scheduled).get("sign", String.class));
        }
    }
}
