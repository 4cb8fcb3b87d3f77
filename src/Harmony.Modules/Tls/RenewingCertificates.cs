using System.Net.Security;
using Harmony.Core.Building;
using Harmony.Core.Configuration;
using Microsoft.Extensions.Logging;

namespace Harmony.Modules.Tls;

/// <summary>
/// The certificates of a listener, read again when their files change. Files are looked at every few seconds, and a change counts when it
/// has been there twice, so that a certificate whose key is still being written is left alone. What cannot be used is said once, and
/// the certificates before it stay. Connections that are open keep theirs.
/// </summary>
internal sealed class RenewingCertificates : IDisposable
{
    /// <summary>Time between looks at the files.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly TlsSettings _settings;
    private readonly IReadOnlyList<SslApplicationProtocol> _protocols;
    private readonly string _network;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Lock _looking = new();
    private readonly ITimer _timer;
    private TlsFileContents _judged; // the last contents that were put to use or refused
    private TlsFileContents? _seen; // the contents of the last look
    private int _unreadable; // looks in a row that failed
    private volatile ServerCertificates _current;

    private RenewingCertificates(
        TlsSettings settings, IReadOnlyList<SslApplicationProtocol> protocols, string network, TimeProvider clock, ILogger logger)
    {
        (_settings, _protocols, _network, _clock, _logger) = (settings, protocols, network, clock, logger);
        _judged = TlsFileContents.Read(settings);
        _current = ServerCertificates.Of(_judged, settings, protocols);
        _timer = clock.CreateTimer(static state => ((RenewingCertificates)state!).Look(), this, Interval, Interval);
    }

    /// <summary>The certificates for handshakes that begin now.</summary>
    public ServerCertificates Current => _current;

    /// <summary>Reads the files and begins to watch them.</summary>
    /// <exception cref="IOException">A file cannot be read or used; the message names it.</exception>
    public static RenewingCertificates Open(
        TlsSettings settings, IReadOnlyList<SslApplicationProtocol> protocols, string network, TimeProvider clock, ILogger logger)
    {
        try
        {
            return new RenewingCertificates(settings, protocols, network, clock, logger);
        }
        catch (Exception e) when (e is CertificateException or UnauthorizedAccessException)
        {
            throw new IOException(e.Message, e);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        if (!_looking.TryEnter()) return; // the last look is not over: a slow file system
        try
        {
            Judge(TlsFileContents.Read(_settings));
            _unreadable = 0;
        }
        catch (Exception e) when (Readable.IsReadFailure(e))
        {
            // A file may be away for a moment while it is replaced.
            if (++_unreadable == 2) TlsLog.Refused(_logger, _network, e.Message);
        }
        finally
        {
            _looking.Exit();
        }
    }

    private void Judge(TlsFileContents contents)
    {
        var isNew = !contents.Equals(_judged);
        var isSettled = contents.Equals(_seen);
        _seen = contents;
        if (!isNew || !isSettled) return;
        _judged = contents;
        try
        {
            Use(ServerCertificates.Of(contents, _settings, _protocols));
        }
        catch (CertificateException e)
        {
            TlsLog.Refused(_logger, _network, e.Message);
        }
    }

    private void Use(ServerCertificates next)
    {
        if (next.ExpiresAt < _clock.GetUtcNow())
        {
            TlsLog.Refused(_logger, _network, $"the certificate '{next.FirstToExpire}' expired on {next.ExpiresAt.UtcDateTime:yyyy-MM-dd}");
            return;
        }

        _current = next; // handshakes under way end with the old ones, which nobody disposes for that reason
        TlsLog.Renewed(_logger, _network, next.ExpiresAt.UtcDateTime);
    }
}
