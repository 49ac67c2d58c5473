package io.cloacina.spring.boot;

import io.cloacina.spring.ApplicationJson;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.TypeFactory;

/** By the mapper of Jackson 3 that Spring Boot has configured. */
final class JacksonJson implements ApplicationJson {
    private final JsonMapper mapper;

    JacksonJson(JsonMapper mapper) {
        this.mapper = mapper;
    }

    @Override
    public String write(Object value) {
        return mapper.writeValueAsString(value);
    }

    @Override
    public Object read(String json, com.fasterxml.jackson.databind.JavaType type) {
        return mapper.readValue(json, typeOf(type, mapper.getTypeFactory()));
    }

    /** The types of Jackson 2 and of Jackson 3 are others. */
    private static JavaType typeOf(com.fasterxml.jackson.databind.JavaType type, TypeFactory types) {
        JavaType[] parameters = type.getBindings().getTypeParameters().stream()
                .map(parameter -> typeOf(parameter, types))
                .toArray(JavaType[]::new);
        return parameters.length == 0
                ? types.constructType(type.getRawClass())
                : types.constructParametricType(type.getRawClass(), parameters);
    }
}
