package io.cloacina.spring;

import io.cloacina.server.access.Role;
import io.cloacina.server.access.User;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The users of Spring Security, by the servlet API: {@code ROLE_CLOACINA_ADMIN}, {@code ROLE_CLOACINA_OPERATE} and
 * {@code ROLE_CLOACINA_READ} determine what they may do. Users without a role may do nothing.
 */
final class RoleAuthenticator {
    private RoleAuthenticator() {}

    static Optional<User> authenticate(HttpServletRequest request) {
        Principal principal = request.getUserPrincipal();
        return principal == null
                ? Optional.empty()
                : Stream.of(Role.ADMIN, Role.OPERATE, Role.READ)
                        .filter(role -> request.isUserInRole("CLOACINA_" + role))
                        .findFirst()
                        .map(role -> new User(principal.getName(), role));
    }
}
