using System.Buffers;
using Harmony.Core.Content;
using Harmony.Core.Faults;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Dicom.Json;
using Harmony.Dicom.Web.Multipart;
using Harmony.Dicom.Xml;
using Harmony.Imaging.Dicom;

namespace Harmony.Imaging.Middleware.DicomWebBridge;

/// <summary>
/// Objects that are stored as metadata and bulk data (PS3.18 §10.5.1.2, §8.6.1.2.2): metadata first, in JSON or XML, then a part for each value they refer
/// to, by its Content-Location. Bulk data wait in files until all has come.
/// </summary>
/// <param name="maxMetadata">Most bytes of all metadata.</param>
internal sealed class MetadataUpload(long maxMetadata) : IDisposable
{
    private const int MaxBulkParts = 10_000;

    private readonly List<DicomDataSet?> _dataSets = [];
    private readonly Dictionary<string, (string File, string ContentType)> _bulk = new(StringComparer.Ordinal);
    private string? _folder;
    private long _held;

    /// <summary>Takes a part.</summary>
    public async ValueTask AddAsync(BodyPart part, string type, CancellationToken ct)
    {
        if (part.ContentLocation is { } location && (type is not (DicomMediaType.Json or DicomMediaType.Xml) || _dataSets.Count > 0))
        {
            if (_bulk.Count == MaxBulkParts) throw TooLarge($"{MaxBulkParts} parts of bulk data");
            _folder ??= Directory.CreateTempSubdirectory("harmony-stow-").FullName;
            var file = Path.Combine(_folder, $"{_bulk.Count}");
            await using var to = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
            await part.Content.CopyToAsync(to, 64 * 1024, ct);
            _bulk.TryAdd(location, (file, part.ContentType ?? ""));
            return;
        }

        using var metadata = new MemoryStream();
        var buffer = ArrayPool<byte>.Shared.Rent(32 * 1024);
        try
        {
            int read;
            while ((read = await part.Content.ReadAsync(buffer, ct)) > 0)
            {
                if ((_held += read) > maxMetadata) throw TooLarge($"content_limits.max_body_size = {maxMetadata} bytes");
                metadata.Write(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        Read(metadata.ToArray(), type);
    }

    /// <summary>The objects, each as a Part 10 stream; null for one that cannot be made of what came.</summary>
    public async IAsyncEnumerable<Stream?> ObjectsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        for (var i = 0; i < _dataSets.Count; i++)
        {
            if (await WriteAsync(i, ct) is not { } file)
            {
                yield return null;
                continue;
            }

            await using var stream = new FileStream(
                file, FileMode.Open, FileAccess.Read, FileShare.None, bufferSize: 0, FileOptions.Asynchronous | FileOptions.DeleteOnClose);
            yield return stream;
        }
    }

    public void Dispose()
    {
        if (_folder is not null && Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private void Read(ReadOnlyMemory<byte> metadata, string type)
    {
        try
        {
            if (type.EndsWith("xml", StringComparison.Ordinal)) _dataSets.Add(NativeXmlReader.Read(metadata));
            else _dataSets.AddRange(DicomJsonReader.ReadAll(metadata));
        }
        catch (DicomFormatException)
        {
            _dataSets.Add(null);
        }
    }

    private async ValueTask<string?> WriteAsync(int index, CancellationToken ct)
    {
        if (_dataSets[index] is not { } dataSet) return null;
        try
        {
            var syntax = TransferSyntax.ExplicitVRLittleEndian;
            var whole = Resolve(dataSet, ref syntax);
            _folder ??= Directory.CreateTempSubdirectory("harmony-stow-").FullName;
            var file = Path.Combine(_folder, $"object-{index}");
            await using var to = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
            await DicomFile.Create(whole, syntax).WriteAsync(to, ct: ct);
            return file;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or DicomFormatException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>
    /// Puts what has come in the place of what refers to it. Pixel data in a compressed media type are one fragment, and say the transfer syntax of the
    /// object.
    /// </summary>
    private DicomDataSet Resolve(DicomDataSet dataSet, ref TransferSyntax syntax)
    {
        var resolved = dataSet.ToBuilder();
        // The transfer syntax of the written object is that of its pixel data, whatever group 0002 of the sent metadata says.
        foreach (var element in dataSet.Where(e => e.Tag.Group < 8)) resolved.Remove(element.Tag);
        foreach (var element in dataSet)
        {
            switch (element)
            {
                case DicomBulkValue { Data: UriBulkData { Uri: var uri } }:
                    if (!_bulk.TryGetValue(uri, out var part)) throw new InvalidOperationException("metadata refer to bulk data that did not come");
                    resolved.Set(ValueOf(element, part.File, part.ContentType, ref syntax));
                    break;
                case DicomSequence { Items: var items }:
                    var inner = new DicomDataSet[items.Count];
                    for (var i = 0; i < inner.Length; i++) inner[i] = Resolve(items[i], ref syntax);
                    resolved.Set(new DicomSequence(element.Tag, inner));
                    break;
            }
        }

        return resolved.Build();
    }

    private static DicomElement ValueOf(DicomElement element, string file, string contentType, ref TransferSyntax syntax)
    {
        var data = new FileBulkData(file, 0, new FileInfo(file).Length);
        if (element.Tag != DicomTag.PixelData || SyntaxOf(contentType) is not { IsEncapsulated: true } compressed)
        {
            return new DicomBulkValue(element.Tag, element.Vr, data);
        }

        syntax = compressed;
        return new DicomFragments(element.Tag, Vr.OB, [], [data]);
    }

    private static TransferSyntax? SyntaxOf(string contentType)
    {
        var type = MediaType.Parse(contentType);
        if (type["transfer-syntax"] is { } uid && TransferSyntax.TryFind(uid, out var named)) return named;
        return type.Name switch
        {
            "image/jpeg" => TransferSyntax.JPEGBaseline8Bit, // PS3.18 table 8.7.3-4: the default of the type for what is stored
            "image/jls" => TransferSyntax.JPEGLSLossless,
            "image/jp2" => TransferSyntax.JPEG2000Lossless,
            "image/dicom-rle" => TransferSyntax.RLELossless,
            _ => null,
        };
    }

    private static GatewayException TooLarge(string limit) => new(FaultSource.Client, FaultKind.TooLarge, $"the metadata are larger than {limit}");
}
