package io.cloacina.server.http;

import io.cloacina.server.access.Role;
import org.jspecify.annotations.Nullable;

/**
 * The handler for one method of one path.
 *
 * @param template such as {@code /executions/{id}/tasks}: a part in braces fits any single part of a path
 * @param role the role that a caller needs; null if every caller may use it, identified or not
 */
public record Route(
        Method method, String template, @Nullable Role role, Handler handler) {
    /** A route that reads, for callers with {@link Role#READ}. */
    public static Route get(String template, Handler handler) {
        return new Route(Method.GET, template, Role.READ, handler);
    }

    /** A route that changes something, for callers with that role. */
    public static Route post(String template, Role role, Handler handler) {
        return new Route(Method.POST, template, role, handler);
    }
}
