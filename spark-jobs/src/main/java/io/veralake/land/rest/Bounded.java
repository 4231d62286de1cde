package io.veralake.land.rest;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The bytes of an answer, up to a length: a server that sends without end fills no memory. */
final class Bounded implements HttpResponse.BodySubscriber<byte[]> {
  private final HttpResponse.BodySubscriber<byte[]> bytes =
      HttpResponse.BodySubscribers.ofByteArray();
  private final int longest;
  private Flow.@Nullable Subscription subscription;
  private long length;

  Bounded(int longest) {
    this.longest = longest;
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return this.bytes.getBody();
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    this.subscription = given;
    this.bytes.onSubscribe(given);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    this.length += buffers.stream().mapToLong(ByteBuffer::remaining).sum();
    Flow.Subscription from = this.subscription;
    if (this.length <= this.longest) {
      this.bytes.onNext(buffers);
    } else if (from != null) {
      from.cancel();
      this.bytes.onError(new LongAnswerException(this.longest));
    }
  }

  @Override
  public void onError(Throwable failure) {
    this.bytes.onError(failure);
  }

  @Override
  public void onComplete() {
    this.bytes.onComplete();
  }
}
