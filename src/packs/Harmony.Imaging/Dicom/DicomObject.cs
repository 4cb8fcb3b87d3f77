using System.Text.Json.Nodes;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;

namespace Harmony.Imaging.Dicom;

/// <summary>
/// A DICOM object on its way through the gateway, as a Part 10 stream (PS3.10): its header is read, what follows streams. As data it is
/// <c>{command, dataset}</c>, the data set in DICOM JSON up to the pixel data; a step that changes <c>dataset</c> changes the object.
/// </summary>
internal sealed class DicomObject : IBodyView
{
    // Everything that names patient, study, series and instance stands before this group; private groups behind it may be long.
    private static readonly DicomTag EndOfHeader = new(0x00290000);

    private static readonly DicomTag PixelGroup = new(0x7FE00000);

    private readonly ReplayStream _stream;
    private readonly JsonObject? _command;
    private DicomFile? _readToPixels;

    private DicomObject(ReplayStream stream, DicomFile header, JsonObject? command)
    {
        (_stream, _command) = (stream, command);
        (Meta, Header) = (header.Meta, header.DataSet);
    }

    /// <summary>The file meta information of the object (group 0002).</summary>
    public FileMetaInformation Meta { get; private set; }

    /// <summary>Its elements up to group 0028, as they go on.</summary>
    public DicomDataSet Header { get; private set; }

    /// <summary>The whole object from its first byte, to be read once.</summary>
    public Stream Content => _stream;

    /// <summary>Called when a step has changed the object.</summary>
    public Action? OnChanged { get; set; }

    /// <summary>Reads the header of an object.</summary>
    /// <param name="stream">The object from its first byte; with or without preamble and meta information.</param>
    /// <param name="maxHeader">Most bytes of the header.</param>
    /// <param name="command">The command it came with, shown as <c>command</c>; null for none.</param>
    /// <param name="ct">Ends the wait for the sender.</param>
    /// <exception cref="GatewayException">
    /// <see cref="FaultKind.Malformed"/> when it is no DICOM object, <see cref="FaultKind.TooLarge"/> when the header is too long.
    /// </exception>
    public static async ValueTask<DicomObject> ReadAsync(Stream stream, long maxHeader, JsonObject? command, CancellationToken ct)
    {
        var replay = new ReplayStream(stream, maxHeader);
        var header = await ReadAsync(replay, EndOfHeader, maxHeader, ct);
        replay.Rewind();
        return new DicomObject(replay, header, command);
    }

    /// <inheritdoc/>
    public async ValueTask<JsonNode?> ReadAsync(long limit, CancellationToken ct)
    {
        var header = await ReadToPixelsAsync(limit, ct);
        return new JsonObject { ["command"] = _command?.DeepClone(), ["dataset"] = DicomObjectJson.Write(header.DataSet) };
    }

    /// <inheritdoc/>
    public Stream? Apply(JsonNode? data)
    {
        if (data is not JsonObject { } wrapper || wrapper["dataset"] is not JsonObject dataset || _readToPixels is not { } original) return null;
        try
        {
            var changed = DicomObjectJson.Read(dataset, original.DataSet);
            Meta = FileMetaInformation.Create(changed, original.TransferSyntax, original.Meta.SourceApplicationEntityTitle);
            Header = changed;
            OnChanged?.Invoke();
            return original.TransferSyntax.IsDeflated ? ChangedDeflated(original) : Changed(original);
        }
        catch (Exception e) when (e is DicomFormatException or ArgumentException)
        {
            throw Unfit(e.Message);
        }
    }

    private async ValueTask<DicomFile> ReadToPixelsAsync(long limit, CancellationToken ct)
    {
        if (_readToPixels is not null) return _readToPixels;
        _stream.Rewind();
        _stream.Keep(limit);
        try
        {
            return _readToPixels = await ReadAsync(_stream, PixelGroup, limit, ct);
        }
        finally
        {
            _stream.Rewind();
        }
    }

    /// <summary>The header as it is now, then what comes after the elements that were read, from the pixel data on.</summary>
    private ChangedObjectStream Changed(DicomFile original)
    {
        var (meta, header) = (Meta, Header);
        if (original.StoppedAt is { } at) _stream.Rewind(at);
        return new ChangedObjectStream(WriteAsync, original.StoppedAt is null ? Stream.Null : _stream);

        async ValueTask WriteAsync(Stream to, CancellationToken ct)
        {
            await to.WriteAsync(await meta.ToBytesAsync(), ct);
            await DicomWriter.WriteAsync(to, header, original.TransferSyntax, ct: ct);
        }
    }

    /// <summary>The same where header and rest are deflated as one.</summary>
    private ChangedObjectStream ChangedDeflated(DicomFile original)
    {
        var (meta, header) = (Meta, Header);
        var hasRest = original.StoppedBefore is not null;
        if (hasRest) _stream.Rewind(original.DataSetAt);
        var plain = new ChangedObjectStream(
            (to, ct) => DicomWriter.WriteAsync(to, header, TransferSyntax.ExplicitVRLittleEndian, ct: ct), hasRest
                ? new InflatedRest(_stream, original.DataSetLength)
                : Stream.Null);
        return new ChangedObjectStream(async (to, ct) => await to.WriteAsync(await meta.ToBytesAsync(), ct), new DeflatingStream(plain));
    }

    private static async ValueTask<DicomFile> ReadAsync(ReplayStream stream, DicomTag before, long limit, CancellationToken ct)
    {
        var most = (int)Math.Min(limit, int.MaxValue / 2);
        try
        {
            return await DicomFile.ReadAsync(
                stream, DicomReadOptions.Default with { StopBefore = before, MaxMemory = most, MaxValueLength = most, MaxInflatedLength = most }, ct);
        }
        catch (DicomLimitException e)
        {
            throw new GatewayException(FaultSource.Client, FaultKind.TooLarge, $"the header of the object is larger than {limit} bytes, or nested too deep", e);
        }
        catch (DicomFormatException e)
        {
            throw new GatewayException(FaultSource.Client, FaultKind.Malformed, $"the object cannot be read: {e.Message}", e);
        }
    }

    private static GatewayException Unfit(string reason)
        => new(FaultSource.Gateway, FaultKind.Internal, $"a step replaced 'dataset' by what the object cannot be: {reason}");
}
