using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;

namespace Harmony.Dicom.Files;

/// <summary>A DICOM file (PS3.10): meta information and a data set. It holds nothing open.</summary>
/// <param name="Meta">What the file says about itself; without elements if it said nothing.</param>
/// <param name="TransferSyntax">
/// How the data set is encoded: as <paramref name="Meta"/> says, unless that is missing, or names one of the three that only tell how elements are
/// encoded and it is another of them. A private or encapsulated one keeps its UID, as nothing else says how pixel data are compressed; but whether VRs
/// are explicit is what the data set looks like.
/// </param>
/// <param name="DataSet">The data set. Long values may have stayed in the file: <see cref="DicomBulkValue"/>.</param>
/// <param name="Warnings">The first hundred things that are not as the standard wants them.</param>
/// <param name="StoppedBefore">Where <see cref="DicomReadOptions.StopBefore"/> ended reading; null if all was read.</param>
public sealed record DicomFile(
    FileMetaInformation Meta, TransferSyntax TransferSyntax, DicomDataSet DataSet, IReadOnlyList<DicomWarning> Warnings, DicomTag? StoppedBefore = null)
{
    /// <summary>Where in the file that element begins, in bytes; null if all was read, or the data set is deflated.</summary>
    public long? StoppedAt { get; init; }

    /// <summary>Where in the file the data set begins, in bytes.</summary>
    public long DataSetAt { get; init; }

    /// <summary>How many bytes of the data set were read, of a deflated one as they are when it is inflated.</summary>
    public long DataSetLength { get; init; }

    /// <summary>Why the rest could not be read, if <see cref="DicomReadOptions.KeepsWhatWasRead"/> is set; null if all was.</summary>
    public DicomFormatException? Error { get; init; }

    internal const int PreambleLength = 128;

    internal static ReadOnlySpan<byte> Prefix => "DICM"u8;

    /// <summary>A file of a data set that was made.</summary>
    /// <exception cref="ArgumentException">The data set has no SOP class or instance UID.</exception>
    public static DicomFile Create(DicomDataSet dataSet, TransferSyntax syntax) => new(FileMetaInformation.Create(dataSet, syntax), syntax, dataSet, []);

    /// <summary>
    /// Reads a file. Values longer than <see cref="DicomReadOptions.BulkThreshold"/>, such as pixel data, stay in it and are passed over, unless it is
    /// deflated.
    /// </summary>
    /// <exception cref="DicomFormatException">It is no DICOM file, or asks for more than the options allow.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async ValueTask<DicomFile> OpenAsync(string path, DicomReadOptions? options = null, CancellationToken ct = default)
    {
        var full = Path.GetFullPath(path);
        await using var stream =
            new FileStream(full, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
        using var source = new StreamSource(stream);
        return await new DicomFileReader(source, options ?? DicomReadOptions.Default, (at, length, bigEndian) => new FileBulkData(full, at, length, bigEndian))
            .ReadAsync(ct);
    }

    /// <summary>Reads a file from a stream, all values into memory.</summary>
    /// <exception cref="DicomFormatException">It is no DICOM file, or asks for more than the options allow.</exception>
    public static async ValueTask<DicomFile> ReadAsync(Stream stream, DicomReadOptions? options = null, CancellationToken ct = default)
    {
        using var source = new StreamSource(stream);
        return await new DicomFileReader(source, options ?? DicomReadOptions.Default, null).ReadAsync(ct);
    }

    /// <summary>Reads a file from memory. Values are parts of it and not copied, so it must not change afterwards.</summary>
    /// <exception cref="DicomFormatException">It is no DICOM file, or asks for more than the options allow.</exception>
    public static DicomFile Read(ReadOnlyMemory<byte> bytes, DicomReadOptions? options = null)
    {
        using var source = new MemoryByteSource(bytes);
        // Nothing in memory is ever waited for.
        return new DicomFileReader(source, options ?? DicomReadOptions.Default, null).ReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Writes the file to a stream, in its transfer syntax.</summary>
    /// <exception cref="InvalidOperationException">
    /// The pixel data are compressed and the transfer syntax has none that are, or the other way round; or reading stopped before the end.
    /// </exception>
    public async ValueTask WriteAsync(Stream stream, DicomWriteOptions? options = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (StoppedBefore is { } tag) throw new InvalidOperationException($"the data set was read only up to {tag}; it would be written without the rest");
        if (Error is not null) throw new InvalidOperationException("the data set could not be read to its end; it would be written without the rest", Error);
        await stream.WriteAsync(await MetaForWriting().ToBytesAsync(), ct);
        await DicomWriter.WriteAsync(stream, DataSet, TransferSyntax, options, ct);
    }

    /// <summary>Writes the file to a path, in place of one that is there once all is written: it may be the one that pixel data stayed in.</summary>
    /// <exception cref="IOException">It cannot be written; then nothing is left behind.</exception>
    public ValueTask SaveAsync(string path, DicomWriteOptions? options = null, CancellationToken ct = default)
        => WholeFile.WriteAsync(Path.GetFullPath(path), isDurable: false, stream => WriteAsync(stream, options, ct));

    /// <summary>Meta information that was read names the program that wrote the file then; what is written now is this library's.</summary>
    private FileMetaInformation MetaForWriting()
    {
        if (Meta.MediaStorageSopClassUid is null || Meta.MediaStorageSopInstanceUid is null) return FileMetaInformation.Create(DataSet, TransferSyntax);
        var builder = Meta.Elements.ToBuilder()
            .Set(new DicomValue(DicomTag.FileMetaInformationVersion, Vr.OB, new byte[] { 0, 1 }))
            .Set(DicomTag.TransferSyntaxUID, TransferSyntax.Uid)
            .Set(DicomTag.ImplementationClassUID, FileMetaInformation.HarmonyImplementationClassUid)
            .Set(DicomTag.ImplementationVersionName, FileMetaInformation.HarmonyImplementationVersionName);
        return new FileMetaInformation(builder.Build());
    }
}
