using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Harmony.Jmix.Model;
using Harmony.Jmix.Packaging;
using Harmony.Jmix.Security;

namespace Harmony.Jmix;

/// <summary>A finished package.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="StudyInstanceUid">The study of its first object; empty without objects.</param>
/// <param name="PayloadHash">The payload hash of the manifest; null if hashing was left out.</param>
/// <param name="Objects">The number of DICOM objects.</param>
/// <param name="PayloadBytes">The length of all files of the payload together, bytes.</param>
public sealed record JmixPackageInfo(Guid Id, string StudyInstanceUid, string? PayloadHash, int Objects, long PayloadBytes);

/// <summary>
/// Builds a package while its files stream: objects are hashed, encrypted and written as they come, in constant memory. The documents that describe them
/// (metadata, listing, audit, manifest) stand at the end, so that a receiver over a network gets the first byte at once.
/// </summary>
/// <remarks>For one thread. A builder that was not completed leaves an unusable package to the sink, which throws it away.</remarks>
public sealed class JmixPackageBuilder : IAsyncDisposable
{
    private const string FilesFolder = "files/", DicomFolder = "dicom/", Payload = "payload/";

    private readonly PackageSink _sink;
    private readonly JmixBuildOptions _options;
    private readonly string? _temporaryFolder;
    private readonly string _timestamp;
    private readonly PackageMetadata _metadata = new();
    private readonly List<(PayloadFile File, bool IsListed)> _files = [];
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedDictionary<string, FileStream> _held = new(StringComparer.Ordinal);
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(256 * 1024);
    private EncryptedPayload? _encrypted;
    private Stream? _ciphertext;
    private FileStream? _spooledCiphertext;
    private TarSink? _archive;
    private int _objects;
    private bool _disposed;

    /// <summary>Starts a package.</summary>
    /// <param name="sink">Where the files go. The builder completes the sink, and does not dispose it.</param>
    /// <param name="options">Metadata and form of the package.</param>
    /// <param name="temporaryFolder">Folder for files whose length has to be known before they are written; null for the system's temporary folder.</param>
    public JmixPackageBuilder(PackageSink sink, JmixBuildOptions options, string? temporaryFolder = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Receivers.Count == 0) throw new ArgumentException("a package has at least one receiver", nameof(options));
        (_sink, _options, _temporaryFolder) = (sink, options, temporaryFolder);
        _timestamp = JmixJson.Time(options.Clock.GetUtcNow());
    }

    // Paths and contents are hashed in the order of the paths, which is known when all files are there.
    private bool HoldsFiles => _options is { Dialect.HashesContents: true, RecipientKey.IsEmpty: true, SkipHashing: false };

    /// <summary>Adds a DICOM object as <c>payload/dicom/SOPInstanceUID.dcm</c>. A second object with the same UID is kept beside the first.</summary>
    /// <param name="attributes">The attributes of the object for the metadata.</param>
    /// <param name="content">The Part 10 file.</param>
    /// <param name="length">Its length, bytes, if known: then an archive that needs lengths takes the content without a detour over the disk.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async ValueTask AddDicomAsync(DicomAttributes attributes, Stream content, long? length, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        var uid = attributes.SopInstanceUid;
        var name = uid.Length is > 0 and <= 64 && uid.All(c => char.IsAsciiDigit(c) || c == '.') && !uid.EndsWith('.') ? uid : $"object-{_objects + 1}";
        _metadata.Add(attributes);
        _objects++;
        await AddAsync(Unique($"{DicomFolder}{name}.dcm"), content, length, isListed: !_options.SkipListing, cancellation);
    }

    /// <summary>Adds another file as <c>payload/files/NAME</c>. A second file of the same name is kept beside the first.</summary>
    /// <exception cref="JmixException">Not every file system can hold a file of that name.</exception>
    public ValueTask AddFileAsync(string name, Stream content, long? length, CancellationToken cancellation)
        => AddAsync(Unique(FilesFolder + PackagePath.Normalize(name)), content, length, isListed: true, cancellation);

    /// <summary>Writes the documents that describe the files, and ends the package.</summary>
    public async ValueTask<JmixPackageInfo> CompleteAsync(CancellationToken cancellation)
    {
        var id = _options.Id.ToString();
        var metadata = JmixJson.Bytes(_metadata.ToJson(id, _timestamp, _options));
        await AddAsync("metadata.json", new MemoryStream(metadata), metadata.Length, isListed: true, cancellation);
        var listed = _files.Where(f => f.IsListed).Select(f => f.File).ToList();
        var listing = JmixJson.Bytes(Listing(listed));
        await AddAsync("files.json", new MemoryStream(listing), listing.Length, isListed: false, cancellation);
        await WriteHeldAsync(cancellation);

        var hash = await EndPayloadAsync(cancellation);
        var manifest = Manifest(id, hash);
        Assertions.Sign(manifest, _options);
        var text = JmixJson.Bytes(manifest);
        var created = new JmixAuditEntry("created", _options.Sender.Id, _options.Sender.Name, _options.Clock.GetUtcNow());
        await _sink.AddAsync("audit.json", JmixJson.Bytes(new JsonObject { ["audit"] = new JsonArray(created.ToJson()) }), cancellation);
        if (_options.ManifestKey is { } key) await _sink.AddAsync(ManifestSignature.FileName, ManifestSignature.Sign(text, key), cancellation);
        await _sink.AddAsync("manifest.json", text, cancellation);
        await _sink.CompleteAsync(cancellation);
        return new JmixPackageInfo(_options.Id, _metadata.StudyInstanceUid, hash, _objects, _files.Sum(f => f.File.Length));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        ArrayPool<byte>.Shared.Return(_buffer);
        if (_encrypted is not null) await _encrypted.DisposeAsync();
        if (_spooledCiphertext is not null) await _spooledCiphertext.DisposeAsync();
        foreach (var file in _held.Values) await file.DisposeAsync();
    }

    private async ValueTask AddAsync(string name, Stream content, long? length, bool isListed, CancellationToken cancellation)
    {
        if (HoldsFiles)
        {
            var held = TemporaryFile.Create(_temporaryFolder);
            _held.Add(name, held);
            _files.Add((await CopyAsync(name, content, held, cancellation), isListed));
            return;
        }

        var target = _options.RecipientKey.IsEmpty ? _sink : await ArchiveAsync(cancellation);
        if (length is null && target.NeedsLength)
        {
            await using var spooled = TemporaryFile.Create(_temporaryFolder);
            await content.CopyToAsync(spooled, cancellation);
            spooled.Position = 0;
            await WriteAsync(target, name, spooled, spooled.Length, isListed, cancellation);
            return;
        }

        await WriteAsync(target, name, content, length, isListed, cancellation);
    }

    private async ValueTask WriteAsync(PackageSink target, string name, Stream content, long? length, bool isListed, CancellationToken cancellation)
    {
        await using var output = await target.AddAsync(_archive is null ? Payload + name : name, length, cancellation);
        _files.Add((await CopyAsync(name, content, output, cancellation), isListed));
    }

    private async ValueTask<PayloadFile> CopyAsync(string name, Stream content, Stream output, CancellationToken cancellation)
    {
        using var hash = _options.SkipHashing ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long total = 0;
        int read;
        while ((read = await content.ReadAsync(_buffer, cancellation)) > 0)
        {
            var piece = _buffer.AsMemory(0, read);
            await (hash is null ? output.WriteAsync(piece, cancellation) : HashedWriting.WriteAsync(hash, piece, output, cancellation));
            total += read;
        }

        return new PayloadFile(name, total, hash is null ? "" : Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private async ValueTask WriteHeldAsync(CancellationToken cancellation)
    {
        foreach (var (name, file) in _held)
        {
            file.Position = 0;
            await using var output = await _sink.AddAsync(Payload + name, file.Length, cancellation);
            await file.CopyToAsync(output, cancellation);
        }
    }

    private async ValueTask<TarSink> ArchiveAsync(CancellationToken cancellation)
    {
        if (_archive is not null) return _archive;
        if (_sink.NeedsLength) _spooledCiphertext = TemporaryFile.Create(_temporaryFolder);
        _ciphertext = (Stream?)_spooledCiphertext ?? await _sink.AddAsync(_options.Dialect.CiphertextName, (long?)null, cancellation);
        _encrypted = new EncryptedPayload(_ciphertext, _options.RecipientKey.Span, _options.Dialect);
        return _archive = new TarSink(_encrypted, root: _options.Dialect.TarRoot);
    }

    private async ValueTask<string?> EndPayloadAsync(CancellationToken cancellation)
    {
        if (_encrypted is null)
        {
            if (_options.SkipHashing) return null;
            return HoldsFiles
                ? await PayloadHash.OfContentsAsync(_held.Keys, Reopened, cancellation)
                : PayloadHash.OfListing(_files.Select(f => f.File));
        }

        await _archive!.CompleteAsync(cancellation);
        await _encrypted.FinishAsync(cancellation);
        if (_spooledCiphertext is { } spooled)
        {
            spooled.Position = 0;
            await using var output = await _sink.AddAsync(_options.Dialect.CiphertextName, spooled.Length, cancellation);
            await spooled.CopyToAsync(output, cancellation);
        }
        else
        {
            await _ciphertext!.DisposeAsync();
        }

        return _options.SkipHashing ? null : _encrypted.Hash;

        Stream Reopened(string name)
        {
            _held[name].Position = 0;
            return new UnclosedStream(_held[name]);
        }
    }

    private JsonObject Manifest(string id, string? hash)
    {
        var security = new JsonObject
        {
            ["classification"] = _options.Classification switch
            {
                JmixClassification.Confidential => "confidential",
                JmixClassification.Sensitive => "sensitive",
                _ => "de-identified",
            },
        };
        if (hash is not null) security["payload_hash"] = hash;
        if (_options.ManifestKey is not null) security["jws"] = new JsonObject { ["jws_file"] = ManifestSignature.FileName };
        if (_encrypted is not null) security["encryption"] = _encrypted.Description();

        var manifest = new JsonObject
        {
            ["version"] = JmixBuildOptions.SpecificationVersion,
            ["id"] = id,
            ["timestamp"] = _timestamp,
            ["sender"] = Entity(_options.Sender),
        };
        if (_options.Requester is { } requester) manifest["requester"] = Entity(requester);
        var receivers = new JsonArray();
        foreach (var receiver in _options.Receivers) receivers.Add((JsonNode)Entity(receiver));
        manifest["receiver"] = receivers;
        manifest["security"] = security;
        var extensions = JmixJson.Extensions(_options);
        extensions["generator"] = "Harmony";
        manifest["extensions"] = extensions;
        return manifest;
    }

    private static JsonObject Entity(JmixEntity entity)
    {
        var written = new JsonObject { ["id"] = entity.Id };
        if (entity.Name is not null) written["name"] = entity.Name;
        if (entity.Contact is not null) written["contact"] = entity.Contact;
        return written;
    }

    private JsonArray Listing(List<PayloadFile> files)
    {
        var listing = new JsonArray();
        foreach (var file in files.OrderBy(f => f.Path, StringComparer.Ordinal))
        {
            var entry = new JsonObject { ["file"] = file.Path };
            if (file.Sha256.Length > 0) entry["hash"] = _options.Dialect.FileHashPrefix + file.Sha256;
            entry["size_bytes"] = file.Length;
            listing.Add((JsonNode)entry);
        }

        return listing;
    }

    private string Unique(string name)
    {
        var (stem, extension) = (name[..^Path.GetExtension(name).Length], Path.GetExtension(name));
        for (var n = 2; !_names.Add(name); n++) name = $"{stem}-{n}{extension}";
        return name;
    }
}
