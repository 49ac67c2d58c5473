package io.cloacina.spring;

import com.fasterxml.jackson.databind.JavaType;

/**
 * Converts values with the JSON mapper of the application, if {@code cloacina.json} is {@code application}. The
 * starters provide one for the mapper that their version of Spring Boot configures: Jackson 3 in Spring Boot 4, Jackson
 * 2 in 3.5. Called by many threads at once. An exception refuses the value.
 */
public interface ApplicationJson {
    /** Writes a value as JSON. */
    String write(Object value);

    /** Reads a value of a type from JSON. */
    Object read(String json, JavaType type);
}
