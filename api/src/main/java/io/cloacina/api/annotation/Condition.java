package io.cloacina.api.annotation;

import io.cloacina.api.ValueOperator;
import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * One condition of a {@link When}, either on how a task ended or on the value of a key of the context.
 *
 * <pre>{@code
 * @When(allOf = {@Condition(completed = "charge"), @Condition(failed = "ship")})
 * @When(anyOf = @Condition(key = "total", is = ValueOperator.GREATER_THAN, value = "100"))
 * }</pre>
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({})
public @interface Condition {
    /** The task of that name completed. */
    String completed() default "";

    /** The task of that name failed for good. */
    String failed() default "";

    /** The task of that name was skipped. */
    String skipped() default "";

    /** The key of the context whose value is compared. */
    String key() default "";

    /** How it is compared. */
    ValueOperator is() default ValueOperator.EXISTS;

    /** The value to compare with, as JSON: a string has quotes, {@code "\"paid\""}, a number has none. */
    String value() default "";
}
