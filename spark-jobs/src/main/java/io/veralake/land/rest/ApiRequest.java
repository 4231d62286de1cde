package io.veralake.land.rest;

import java.net.URI;
import java.util.Map;
import java.util.TreeMap;

/**
 * One request, before it is said who asks.
 *
 * @param method GET or POST
 * @param address where to
 * @param headers of it
 * @param body empty for GET
 */
record ApiRequest(String method, URI address, Map<String, String> headers, byte[] body) {
  /** Copies the map; names of headers have no case. */
  ApiRequest {
    Map<String, String> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    sorted.putAll(headers);
    headers = sorted;
  }

  /** The same at another address. */
  ApiRequest at(URI other) {
    return new ApiRequest(this.method, other, this.headers, this.body);
  }
}
