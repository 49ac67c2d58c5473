package io.cloacina.spring;

import com.fasterxml.jackson.databind.JavaType;

/**
 * The JSON mapper of the application, which decides about values of its classes where {@code cloacina.json} is {@code
 * application}. The starters have one for the mapper that their line of Spring Boot configures: Jackson 3 in Spring Boot 4,
 * Jackson 2 in 3.5. Called by many threads at once; what it throws refuses the value.
 */
public interface ApplicationJson {
    /** One JSON value. */
    String write(Object value);

    /** The value that the JSON describes. */
    Object read(String json, JavaType type);
}
