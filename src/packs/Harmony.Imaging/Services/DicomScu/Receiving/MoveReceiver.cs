using System.Net.Sockets;
using Harmony.Dicom.Network;
using Harmony.Imaging.Services.DicomScu.Operations;
using Harmony.Imaging.Services.DicomScu.Retrieved;
using Microsoft.Extensions.Logging;

namespace Harmony.Imaging.Services.DicomScu.Receiving;

/// <summary>A backend's use of the port on which objects of its moves come in; other backends may use the same.</summary>
/// <param name="port">The port.</param>
/// <param name="localAeTitle">The title under which objects come to this backend.</param>
/// <param name="logger">Takes what is wrong with the port.</param>
internal sealed class MoveReceiver(IncomingPort port, string localAeTitle, ILogger logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task<IAsyncDisposable?> _persistent = Task.FromResult<IAsyncDisposable?>(null);

    /// <summary>
    /// Opens the port until this is disposed, if need be when the server before it has left the address. Where that fails each move tries again.
    /// </summary>
    public void KeepOpen() => _persistent = KeepOpenAsync();

    private async Task<IAsyncDisposable?> KeepOpenAsync()
    {
        try
        {
            var use = await port.OpenAsync(localAeTitle, _stop.Token);
            DicomScuLog.Listening(logger, port.Address);
            return use;
        }
        catch (SocketException e)
        {
            DicomScuLog.ListenerFailed(logger, port.Address, e.Message);
        }
        catch (OperationCanceledException)
        {
            // Disposed before the address was free.
        }

        return null;
    }

    /// <summary>From now until what is returned is disposed, objects of a plan go to a folder.</summary>
    /// <param name="source">The system that sends them.</param>
    /// <param name="plan">What is asked for.</param>
    /// <param name="folder">Where they go.</param>
    /// <param name="ct">Ends the wait for moves that it could be confused with.</param>
    /// <exception cref="ReceiverException">The port cannot be opened.</exception>
    public async ValueTask<IncomingMove> ExpectAsync(string source, RetrievalPlan plan, RetrievalFolder folder, CancellationToken ct)
    {
        try
        {
            return await port.ExpectAsync(new ExpectedMove(source, localAeTitle, plan, folder), ct);
        }
        catch (SocketException e)
        {
            DicomScuLog.ListenerFailed(logger, port.Address, e.Message);
            throw new ReceiverException($"objects of moves cannot come in at {port.Address}: {e.Message}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (await _persistent is { } use) await use.DisposeAsync();
        _stop.Dispose();
    }
}

/// <summary>Objects of a move can come in until this is disposed.</summary>
/// <param name="messageId">The number that its request has to have.</param>
/// <param name="use">The use of the port.</param>
internal sealed class IncomingMove(ushort messageId, IAsyncDisposable use) : IAsyncDisposable
{
    /// <summary>The number that its request has to have.</summary>
    public ushort MessageId { get; } = messageId;

    public ValueTask DisposeAsync() => use.DisposeAsync();
}

/// <summary>Nothing can be moved here, because nothing can come in.</summary>
/// <param name="message">Where, and why.</param>
/// <param name="cause">What was thrown first.</param>
internal sealed class ReceiverException(string message, Exception cause) : DicomNetworkException(message, cause);
