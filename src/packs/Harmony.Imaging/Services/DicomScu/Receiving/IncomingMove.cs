namespace Harmony.Imaging.Services.DicomScu.Receiving;

/// <summary>Objects of a move can come in until this is disposed.</summary>
/// <param name="messageId">The number that its request has to have.</param>
/// <param name="use">The use of the port.</param>
internal sealed class IncomingMove(ushort messageId, IAsyncDisposable use) : IAsyncDisposable
{
    /// <summary>The number that its request has to have.</summary>
    public ushort MessageId { get; } = messageId;

    public ValueTask DisposeAsync() => use.DisposeAsync();
}
