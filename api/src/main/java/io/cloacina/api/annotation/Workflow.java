package io.cloacina.api.annotation;

import io.cloacina.api.InFlight;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A workflow: its methods with {@link Task} are the tasks. The class is not abstract. The application creates an
 * instance and gives it to the engine; all executions use that one, on several threads at once.
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
 * The value that a task method returns is the output of the task: it can be written as JSON, and is in the context
 * under the name of the task. Methods are not private, static or abstract; they may throw anything.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface Workflow {
    /** The name. Default: that of the class with hyphens: {@code SeattleWeather} is {@code seattle-weather}. */
    String name() default "";

    /** The version. Default: a hash of the code of the class and the settings of its tasks. */
    String version() default "";

    /** Whether submissions with a value in their input that no task takes are refused. Default: they are accepted. */
    boolean refuseUnknownInput() default false;

    /** Which version finishes the executions that were begun with another one. */
    InFlight inFlight() default InFlight.CONTINUE;

    /**
     * How long an execution may take, such as {@code "2h"}, counted from its submission, or from the start that this asks
     * for: what is active then fails, and the rules of the tasks after it decide what runs. Default: forever.
     */
    String deadline() default "";
}
