/** The web page: {@link io.cloacina.server.page.Pages} lists what there is. Not for applications: it changes without notice. */
@NullMarked
package io.cloacina.server.page;

import org.jspecify.annotations.NullMarked;
