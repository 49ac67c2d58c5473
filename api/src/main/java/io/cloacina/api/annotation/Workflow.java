package io.cloacina.api.annotation;

import io.cloacina.api.InFlight;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a class as a workflow: its methods with {@link Task} are the tasks. The class must not be abstract. The
 * application creates one instance and gives it to the engine; all executions use that instance, on several threads at
 * once.
 *
 * <pre>{@code
 * @Workflow(name = "seattle-weather")
 * class SeattleWeather {
 *     @Task
 *     List<Observation> read(@Input Path csv) { ... }
 *
 *     @Task(retry = @Retry(maxAttempts = 5, delay = "1s"))
 *     Summary summarize(@From("read") List<Observation> observations) { ... }
 * }
 * }</pre>
 *
 * The value that a task method returns is the output of the task: it must be convertible to JSON, and is stored in the
 * context under the name of the task. Methods must not be private, static or abstract; they may throw anything.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface Workflow {
    /**
     * The name. Default: the name of the class in lower case with hyphens, {@code seattle-weather} for
     * {@code SeattleWeather}.
     */
    String name() default "";

    /** The version. Default: a hash of the code of the class and the settings of its tasks. */
    String version() default "";

    /** Whether submissions with a value in their input that no task takes are refused. Default: they are accepted. */
    boolean refuseUnknownInput() default false;

    /** Which version finishes executions that another version began. */
    InFlight inFlight() default InFlight.CONTINUE;

    /**
     * How long an execution may take, such as {@code "2h"}, counted from its submission or, if that is later, from its
     * requested start. After that time its active tasks fail, and the trigger rules of later tasks decide what else
     * runs. Default: forever.
     */
    String deadline() default "";
}
