/** A package of its own: nothing of the project sees it but the API. */
@NullMarked
package com.example.invoices;

import org.jspecify.annotations.NullMarked;
