package io.cloacina.cli;

import io.cloacina.schema.type.Backend;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Backends by the names that URLs have for them. */
final class BackendNames implements ITypeConverter<Backend>, Iterable<String> {
    @Override
    public Backend convert(String name) {
        return Arrays.stream(Backend.values())
                .filter(backend -> backend.label().equals(name))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException(
                        "'" + name + "' is not one of " + names().stream().collect(Collectors.joining(", "))));
    }

    @Override
    public Iterator<String> iterator() {
        return names().iterator();
    }

    private static List<String> names() {
        return Arrays.stream(Backend.values()).map(Backend::label).toList();
    }
}
