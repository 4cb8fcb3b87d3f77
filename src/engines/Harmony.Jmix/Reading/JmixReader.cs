using Harmony.Jmix.Packaging;
using Harmony.Jmix.Security;

namespace Harmony.Jmix.Reading;

/// <summary>How a package is read and checked.</summary>
public sealed record JmixReadOptions
{
    /// <summary>The key that decrypts payloads; null leaves them encrypted.</summary>
    public DecryptionKey? Key { get; init; }

    /// <summary>Public keys that may sign manifests, 32 bytes each, beside those of the package's own assertions.</summary>
    public IReadOnlyList<byte[]> TrustedKeys { get; init; } = [];

    /// <summary>Whether files are read through to compare them with their hashes.</summary>
    public bool VerifyHashes { get; init; } = true;

    /// <summary>Limits of the unpacked files.</summary>
    public UnpackLimits Limits { get; init; } = UnpackLimits.Default;

    /// <summary>The folder of unpacked files while a package is read; null for the system's temporary folder.</summary>
    public string? TemporaryFolder { get; init; }

    /// <summary>The clock by which assertions expire. Default: the system's.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>
/// An open package of any dialect: its findings and its files. The payload of an encrypted package is readable if its key was given.
/// </summary>
public sealed class JmixReader : IDisposable
{
    private readonly PackageFiles _files;
    private readonly PackageFiles _contents;
    private readonly string? _unpacked;

    private JmixReader(PackageFiles files, JmixReport report, PackageExamination examination)
        => (_files, Report, Payload, _contents, _unpacked) = (files, report, examination.Payload, examination.Contents, examination.Unpacked);

    /// <summary>The findings.</summary>
    public JmixReport Report { get; }

    /// <summary>The files of the package; the payload of an encrypted package is one file.</summary>
    public PackageFiles Files => _files;

    /// <summary>The files of a payload that has been decrypted, relative to <c>payload/</c>; null for a plain one, or one that stayed closed.</summary>
    public PackageFiles? Payload { get; }

    /// <summary>Opens a package and judges it. Only what cannot be read at all is an exception; all else is a finding.</summary>
    /// <param name="path">A folder, a zip, or a tar archive with or without gzip.</param>
    /// <param name="options">What to verify, and with which keys.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="JmixException">The file is no archive, or one that is refused.</exception>
    public static async Task<JmixReader> OpenAsync(string path, JmixReadOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        var files = await PackageFiles.OpenAsync(path, options.Limits, options.TemporaryFolder, cancellation);
        var examination = new PackageExamination(files, options);
        try
        {
            var report = await examination.RunAsync(cancellation);
            return new JmixReader(files, report, examination);
        }
        catch
        {
            examination.Dispose();
            files.Dispose();
            throw;
        }
    }

    /// <summary>The names of the files of the payload, relative to <c>payload/</c>; empty if the payload stayed closed.</summary>
    public IEnumerable<string> PayloadNames => _contents.Lengths.Keys;

    /// <summary>Opens a file of the payload.</summary>
    /// <param name="name">One of <see cref="PayloadNames"/>.</param>
    public Stream OpenPayload(string name) => _contents.Open(name);

    /// <inheritdoc/>
    public void Dispose()
    {
        Payload?.Dispose();
        _files.Dispose();
        if (_unpacked is not null && Directory.Exists(_unpacked)) Directory.Delete(_unpacked, recursive: true);
    }
}
