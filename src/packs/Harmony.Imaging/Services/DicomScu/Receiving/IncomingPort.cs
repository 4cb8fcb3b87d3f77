using System.Net.Security;
using System.Net.Sockets;
using System.Net;
using Harmony.Core.Building;
using Harmony.Core.Modules;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Pdus;
using Harmony.Dicom.Network.Scp;
using Harmony.Http.Services.Http.Targets;
using Microsoft.Extensions.Logging;

namespace Harmony.Imaging.Services.DicomScu.Receiving;

/// <summary>The settings of a port for the objects of C-MOVE. Backends with equal settings share a port.</summary>
/// <param name="Ip">The address.</param>
/// <param name="Port">The port.</param>
/// <param name="Tls">Fingerprint of what is trusted and shown; null without TLS.</param>
internal sealed record IncomingPortSettings(IPAddress Ip, int Port, string? Tls)
{
    /// <summary>For people.</summary>
    public string Address => new IPEndPoint(Ip, Port).ToString();
}

/// <summary>
/// A port that receives the objects of C-MOVE: open while a backend needs it, shared by all backends that name it, of an old configuration and of
/// the new one. Only titles that moves go to are called here, and only objects of moves that are under way are taken.
/// </summary>
internal sealed class IncomingPort
{
    /// <summary>
    /// How often, and how long apart, the address is asked for again after a server of this port has closed. A program that the gateway starts in that moment
    /// has a copy of the closed socket until it has begun (fork, then exec), and the system counts the address as used.
    /// </summary>
    private const int MostTries = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly Lock _lock = new();
    private readonly List<string> _titles = [];
    private readonly ExpectedMoves _moves;
    private readonly IncomingPortSettings _settings;
    private readonly SslServerAuthenticationOptions? _tls;
    private readonly TimeProvider _clock;
    private DicomServer? _server;
    private Task? _closing; // of the last server, which has the address until then

    public IncomingPort(IncomingPortSettings settings, SslServerAuthenticationOptions? tls, TimeProvider clock, ILogger logger)
    {
        (_settings, _tls, _clock) = (settings, tls, clock);
        _moves = new ExpectedMoves(settings.Address, logger);
    }

    /// <summary>The address, for people.</summary>
    public string Address => _settings.Address;

    /// <summary>Listens for objects that are sent to a title until what is returned is disposed.</summary>
    /// <exception cref="SocketException">The address cannot be had.</exception>
    public async ValueTask<IAsyncDisposable> OpenAsync(string title, CancellationToken ct)
    {
        await ListenAsync(title, ct);
        return new Use(this, title, null);
    }

    /// <summary>The same for one move, whose objects are taken. Waits where it could be confused with others.</summary>
    /// <exception cref="SocketException">The address cannot be had.</exception>
    public async ValueTask<IncomingMove> ExpectAsync(ExpectedMove move, CancellationToken ct)
    {
        await _moves.AddAsync(move, ct);
        try
        {
            await ListenAsync(move.LocalAeTitle, ct);
        }
        catch
        {
            _moves.Remove(move);
            throw;
        }

        return new IncomingMove(move.MessageId, new Use(this, move.LocalAeTitle, move));
    }

    private async ValueTask ListenAsync(string title, CancellationToken ct)
    {
        for (var tries = 1; ; tries++)
        {
            Task closing;
            lock (_lock)
            {
                if (_server is null && _closing is { IsCompleted: false }) closing = _closing;
                else if (TryStart(isLastTry: _closing is null || tries >= MostTries))
                {
                    _titles.Add(title);
                    return;
                }
                else closing = Task.Delay(Pause, TimeProvider.System, ct);
            }

            await closing.WaitAsync(ct);
        }
    }

    /// <returns>False where the address is in use and this is not the last try.</returns>
    /// <exception cref="SocketException">The address cannot be had.</exception>
    private bool TryStart(bool isLastTry)
    {
        try
        {
            _server ??= Start();
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse && !isLastTry)
        {
            return false;
        }
    }

    private DicomServer Start()
    {
        var acceptor = new DicomAcceptor(
            new AcceptorOptions { Authorize = AuthorizeAsync, ChecksObjects = false, TimeProvider = _clock }, new DimseHandlers { Store = _moves });
        return DicomServer.Start(new DicomServerOptions { EndPoint = new IPEndPoint(_settings.Ip, _settings.Port), Tls = _tls }, acceptor);
    }

    private ValueTask<AssociationRejection?> AuthorizeAsync(AssociationInfo association, CancellationToken ct)
    {
        lock (_lock)
        {
            if (_titles.Contains(association.CalledAeTitle, StringComparer.Ordinal)) return new ValueTask<AssociationRejection?>((AssociationRejection?)null);
        }

        return new ValueTask<AssociationRejection?>(AssociationRejection.CalledAeTitleNotRecognized);
    }

    private async ValueTask CloseAsync(string title, ExpectedMove? move)
    {
        if (move is not null) _moves.Remove(move);
        Task? closing;
        lock (_lock)
        {
            _titles.Remove(title);
            if (_titles.Count == 0 && _server is { } unused) (_server, _closing) = (null, Task.Run(() => unused.DisposeAsync().AsTask()));
            closing = _closing;
        }

        if (closing is not null) await closing;
    }

    private sealed class Use(IncomingPort port, string title, ExpectedMove? move) : IAsyncDisposable
    {
        private int _isDisposed;

        public ValueTask DisposeAsync() => Interlocked.Exchange(ref _isDisposed, 1) == 0 ? port.CloseAsync(title, move) : ValueTask.CompletedTask;
    }
}

/// <summary>Finds the port on which objects of moves come in; one that another backend or the configuration before has opened is the same.</summary>
internal static class IncomingPortBuilder
{
    /// <param name="options">Says where.</param>
    /// <param name="node">Its TLS is that of the port; of several the first of the configuration.</param>
    /// <param name="environment">Holds the ports there are.</param>
    /// <param name="logger">Takes what is refused.</param>
    public static IncomingPort Build(DicomScuOptions options, BuiltNode node, BuildEnvironment environment, ILogger logger)
    {
        var ip = options.IncomingStoreAddress == "localhost" ? IPAddress.Loopback : IPAddress.Parse(options.IncomingStoreAddress);
        var tls = TlsOf(node.Tls);
        var settings = new IncomingPortSettings(ip, options.IncomingStorePort, tls is null ? null : TargetPoolSettings.FingerprintOf(node.Tls!));
        return environment.Carried.Get("dicom_scu/incoming", settings, () => new IncomingPort(settings, tls, environment.Clock, logger));
    }

    /// <summary>
    /// With the gateway's client certificate; accepts peers whose certificates the configured CA verifies. Null where nothing can
    /// be shown.
    /// </summary>
    private static SslServerAuthenticationOptions? TlsOf(SslClientAuthenticationOptions? tls)
        => tls?.ClientCertificateContext is not { } shown ? null : new SslServerAuthenticationOptions
        {
            ServerCertificateContext = shown,
            ClientCertificateRequired = tls.CertificateChainPolicy is not null,
            CertificateChainPolicy = tls.CertificateChainPolicy,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => certificate is null
                ? tls.CertificateChainPolicy is null
                : errors == SslPolicyErrors.None && chain is not null && CertificateStrength.IsStrong(chain),
        };
}
