using System.Buffers.Binary;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data.Dictionary;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Files;

/// <summary>Reads a file from any source: preamble, meta information, data set, of which the first two may be missing.</summary>
internal sealed class DicomFileReader(ByteSource source, DicomReadOptions options, Func<long, long, bool, BulkData>? bulkSource)
{
    private const int MaxMetaLength = 1024 * 1024;
    private const ushort MetaGroup = 0x0002;
    private readonly WarningList _warnings = new();

    /// <summary>Reads what stands before the data set, which the source then is at.</summary>
    public async ValueTask<(FileMetaInformation Meta, TransferSyntax Syntax)> ReadHeaderAsync(CancellationToken ct)
    {
        var hasMeta = await ReadPreambleAsync(ct);
        var meta = new FileMetaInformation(hasMeta ? await ReadMetaAsync(ct) : DicomDataSet.Empty);
        return (meta, await SyntaxAsync(meta.TransferSyntax, ct));
    }

    public async ValueTask<DicomFile> ReadAsync(CancellationToken ct)
    {
        var (meta, syntax) = await ReadHeaderAsync(ct);
        var start = source.Position;
        var result = await DicomReader.ReadAsync(source, syntax, options, _warnings, syntax.IsDeflated ? null : bulkSource, ct);
        return new DicomFile(meta, syntax, result.DataSet, result.Warnings, result.StoppedBefore)
        {
            StoppedAt = result.StoppedBefore is null || syntax.IsDeflated ? null : start + result.Length,
            DataSetAt = start,
            DataSetLength = result.Length,
            Error = result.Error,
        };
    }

    /// <summary>Passes over the preamble.</summary>
    /// <returns>Whether meta information follows.</returns>
    private async ValueTask<bool> ReadPreambleAsync(CancellationToken ct)
    {
        var start = DicomFile.PreambleLength + DicomFile.Prefix.Length;
        if (await source.FillToAsync(start, ct) && source.Buffered.Span[DicomFile.PreambleLength..start].SequenceEqual(DicomFile.Prefix))
        {
            source.Consume(start);
            return true;
        }

        _warnings.Add(DicomWarningKind.MissingPreamble, default, 0);
        if (source.Buffered.Span.StartsWith(DicomFile.Prefix))
        {
            source.Consume(DicomFile.Prefix.Length);
            return true;
        }

        if (source.Buffered.Span is [2, 0, _, 0, ..]) return true;
        _warnings.Add(DicomWarningKind.MissingMetaInformation, default, 0);
        return false;
    }

    private async ValueTask<DicomDataSet> ReadMetaAsync(CancellationToken ct)
    {
        var limits = options with
        {
            StopBefore = null,
            OnlyGroup = MetaGroup,
            MaxTotalLength = MaxMetaLength,
            MaxMemory = MaxMetaLength,
            MaxDepth = 1,
            KeepsWhatWasRead = false
        };
        var start = source.Position;
        var parser = new DataSetParser(TransferSyntax.ExplicitVRLittleEndian, limits, _warnings, start, source.IsStable);
        var result = await source.ParseAsync(parser, ct);
        const int GroupLengthSize = 12;
        if (result.DataSet.GetInt32(DicomTag.FileMetaInformationGroupLength) != result.Length - GroupLengthSize)
        {
            _warnings.Add(DicomWarningKind.WrongGroupLength, DicomTag.FileMetaInformationGroupLength, start);
        }

        return result.DataSet;
    }

    /// <summary>
    /// Believes what the data set looks like, where that and the meta information do not agree. A transfer syntax that says more than how elements are
    /// encoded keeps its name: under another the pixel data could not be decoded.
    /// </summary>
    private async ValueTask<TransferSyntax> SyntaxAsync(TransferSyntax? declared, CancellationToken ct)
    {
        if (declared is { IsDeflated: true }) return declared;
        if (!await source.FillToAsync(HeaderReader.ShortSize, ct))
        {
            if (declared is null) throw new DicomFormatException("this is no DICOM file", source.Position);
            return declared;
        }

        var seen = SyntaxGuess.Of(source.Buffered.Span);
        if (declared is null) return seen ?? throw new DicomFormatException("this is no DICOM file", source.Position);
        if (seen is null || (seen.IsExplicitVr == declared.IsExplicitVr && seen.IsBigEndian == declared.IsBigEndian)) return declared;
        _warnings.Add(DicomWarningKind.WrongTransferSyntax, default, source.Position);
        return declared.IsEncapsulated ? declared with { IsExplicitVr = seen.IsExplicitVr, IsBigEndian = seen.IsBigEndian } : seen;
    }
}

/// <summary>Tells the encoding of a data set from its first element.</summary>
internal static class SyntaxGuess
{
    /// <param name="start">At least eight bytes.</param>
    /// <returns>Null if this is no element in any encoding.</returns>
    public static TransferSyntax? Of(ReadOnlySpan<byte> start)
    {
        if (start.Length < HeaderReader.ShortSize) return null;
        var little = new DicomTag(BinaryPrimitives.ReadUInt16LittleEndian(start), BinaryPrimitives.ReadUInt16LittleEndian(start[2..]));
        var big = new DicomTag(BinaryPrimitives.ReadUInt16BigEndian(start), BinaryPrimitives.ReadUInt16BigEndian(start[2..]));
        var isExplicit = ((Vr)BinaryPrimitives.ReadUInt16BigEndian(start[4..])).IsKnown() || NonStandardVr.TryRead(start.Slice(4, 2), little, out _);
        if (IsLikely(little)) return isExplicit ? TransferSyntax.ExplicitVRLittleEndian : TransferSyntax.ImplicitVRLittleEndian;
        return IsLikely(big) && isExplicit ? TransferSyntax.ExplicitVRBigEndian : null;
    }

    /// <summary>Data sets begin with a group that has a small number; of the others one that is known will do.</summary>
    private static bool IsLikely(DicomTag tag) => tag.Group is >= 0x0001 and <= 0x0050 || (tag.Group > 0 && DicomDictionary.TryGet(tag, out _));
}
