using System.Net.Security;
using Harmony.Core.Building;
using Harmony.Core.Configuration;
using Harmony.Core.Runtime;
using Microsoft.Extensions.Logging;

namespace Harmony.Http.Tls;

/// <summary>
/// The certificates of a listener, read again when their files change. Every handshake looks whether they have, which costs it a stat of each file,
/// and is shown the new ones if they are complete: a key that does not fit is one whose other half is still being written. What
/// stamps do not tell, and what has to be said of files that cannot be used, is left to a timer: there a change counts when it has been there for
/// two looks. What cannot be used is said once, and the certificates before it stay. Connections that are open keep theirs.
/// </summary>
/// <remarks>
/// Neither a <see cref="BackgroundLoop"/> nor a <see cref="SafeTimer"/>, whose ends wait for the look that goes on: on a file system that hangs, a
/// listener would not close. A look after the end does no harm.
/// </remarks>
internal sealed class RenewingCertificates : IDisposable
{
    /// <summary>Time between looks at the files.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>How long a handshake waits while another reads the files; on a file system that hangs, the others go on with what there is.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly TlsSettings _settings;
    private readonly IReadOnlyList<SslApplicationProtocol> _protocols;
    private readonly string _network;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Lock _looking = new();
    private readonly ITimer _timer;
    private TlsFileStamps _stamps; // the files when a handshake last read them
    private TlsFileContents _judged; // the last contents that were put to use or refused
    private TlsFileContents? _seen; // the contents of the last look
    private int _unreadable; // looks in a row that failed
    private volatile ServerCertificates _current;

    private RenewingCertificates(
        TlsSettings settings, IReadOnlyList<SslApplicationProtocol> protocols, string network, TimeProvider clock, ILogger logger)
    {
        (_settings, _protocols, _network, _clock, _logger) = (settings, protocols, network, clock, logger);
        _stamps = TlsFileStamps.Of(settings);
        _judged = TlsFileContents.Read(settings);
        _current = ServerCertificates.Of(_judged, settings, protocols);
        _timer = CleanContext.Run(() => clock.CreateTimer(static state => ((RenewingCertificates)state!).Look(), this, Interval, Interval));
    }

    /// <summary>The certificates for a handshake that begins now.</summary>
    public ServerCertificates Current
    {
        get
        {
            if (!_looking.TryEnter(Patience)) return _current;
            try
            {
                TakeUpIfComplete();
            }
            finally
            {
                _looking.Exit();
            }

            return _current;
        }
    }

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
        catch (Exception e)
        {
            // A file may be away for a moment while it is replaced. Whatever else fails must not leave this thread, which is a timer's: that would
            // end the process.
            if (++_unreadable == 2) TlsLog.Refused(_logger, _network, e.Message);
        }
        finally
        {
            _looking.Exit();
        }
    }

    /// <summary>What is not complete is left for later handshakes, once something has changed again, and for the timer.</summary>
    private void TakeUpIfComplete()
    {
        var stamps = TlsFileStamps.Of(_settings);
        if (stamps.Equals(_stamps)) return;
        _stamps = stamps; // before the files are read: what is written meanwhile differs from it
        try
        {
            var contents = TlsFileContents.Read(_settings);
            if (contents.Equals(_judged) || !contents.AreWhole) return;
            var next = ServerCertificates.Of(contents, _settings, _protocols);
            if (next.ExpiresAt < _clock.GetUtcNow()) return;
            _judged = contents;
            Use(next);
        }
        catch (Exception e) when (e is CertificateException || Readable.IsReadFailure(e))
        {
            // Half of a replacement.
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

        _current = next; // handshakes under way end with the old ones, which are not disposed for that reason
        TlsLog.Renewed(_logger, _network, next.ExpiresAt.UtcDateTime);
    }
}
