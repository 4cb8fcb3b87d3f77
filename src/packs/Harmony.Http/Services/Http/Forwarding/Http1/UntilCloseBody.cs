namespace Harmony.Http.Services.Http.Forwarding.Http1;

/// <summary>A body that ends with its connection.</summary>
internal sealed class UntilCloseBody(Http1Connection connection) : Http1Body
{
    /// <summary>Never: nothing can follow.</summary>
    public override bool HasEnded => false;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        => buffer.IsEmpty ? connection.WaitAsync(cancellationToken) : connection.ReadAsync(buffer, cancellationToken);
}
