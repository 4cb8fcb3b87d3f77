using Harmony.Core.Content.Spooling;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Network.Dimse;
using Harmony.Imaging.Dicom.Transcoding;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Harmony.Imaging.Services.DicomScu.Operations;

/// <summary>
/// The objects in the body of a request, one after another and never in memory: one, or the parts of a <c>multipart/related</c> one (RFC 2387,
/// PS3.18 §8.6.1.2). Each has to be read before the next is asked for.
/// </summary>
internal static class SentObjects
{
    /// <summary>RFC 2046 §5.1.1 allows 70; Orthanc's are two UUIDs, which are 73.</summary>
    private const int MaxBoundary = 200;

    /// <exception cref="GatewayException"><see cref="FaultKind.Malformed"/>: the body is no such thing.</exception>
    public static async IAsyncEnumerable<Stream> InAsync(RequestEnvelope request)
    {
        var isTyped = MediaTypeHeaderValue.TryParse(request.Headers["content-type"], out var type);
        var body = request.Body.OpenStream();
        if (!isTyped || !type!.MediaType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
        {
            yield return body;
            yield break;
        }

        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrEmpty(boundary) || boundary.Length > MaxBoundary)
            throw Malformed("its content type has no boundary, or one that RFC 2046 does not allow", null);
        var reader = new MultipartReader(boundary, body);
        while (await NextAsync(reader, request.Aborted) is { } part) yield return part.Body;
    }

    private static async ValueTask<MultipartSection?> NextAsync(MultipartReader reader, CancellationToken ct)
    {
        try
        {
            return await reader.ReadNextSectionAsync(ct);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw Malformed("a delimiter is missing, or the head of a part is too long", e);
        }
    }

    private static GatewayException Malformed(string reason, Exception? cause)
        => new(FaultSource.Client, FaultKind.Malformed, $"the body is not multipart: {reason}", cause);
}

/// <summary>
/// An object of a body on its way to a target. To store it twice is to store it once (PS3.4 §B.2.3: it has its UID), so it may be sent again as long as its
/// bytes are there.
/// </summary>
internal sealed class SentObject : IAsyncDisposable
{
    /// <summary>Bytes of an object that are kept until it has been stored: more than most images of CT and MR have.</summary>
    private const long MaxKept = 4 * 1024 * 1024;

    private readonly RewindableStream _bytes;
    private readonly RequestEnvelope _request;
    private readonly ObjectTranscoding? _transcoding;
    private FileStream? _file; // all of it, once it had to be encoded anew
    private bool _isBegun;

    private SentObject(RewindableStream bytes, SopInstance instance, RequestEnvelope request, ObjectTranscoding? transcoding)
    {
        (_bytes, _request, _transcoding) = (bytes, request, transcoding);
        Instance = Offered(instance);
    }

    /// <summary>The object, to be sent once.</summary>
    public SopInstance Instance { get; private set; }

    /// <summary>Whether the object can be sent again.</summary>
    public bool CanBeSentAgain => _file is not null || _bytes.CanRewind;

    /// <exception cref="GatewayException"><see cref="FaultKind.Malformed"/>: the bytes are no object.</exception>
    public static async ValueTask<SentObject> ReadAsync(Stream body, RequestEnvelope request, ObjectTranscoding? transcoding, CancellationToken ct)
    {
        var bytes = new RewindableStream(body, MaxKept);
        try
        {
            return new SentObject(bytes, await ReadInstanceAsync(bytes, request, ct), request, transcoding);
        }
        catch
        {
            await bytes.DisposeAsync();
            throw;
        }
    }

    /// <summary>The object for another try; for all but the first it is read again.</summary>
    public async ValueTask<SopInstance> NextAsync(CancellationToken ct)
    {
        if (_isBegun && _file is not null)
        {
            Instance = Offered(await SopInstance.OpenAsync(_file.Name, ct));
        }
        else if (_isBegun)
        {
            _bytes.Rewind();
            Instance = Offered(await ReadInstanceAsync(_bytes, _request, ct));
        }

        _isBegun = true;
        return Instance;
    }

    public async ValueTask DisposeAsync()
    {
        await _bytes.DisposeAsync();
        if (_file is not null) await _file.DisposeAsync(); // which deletes it
    }

    private SopInstance Offered(SopInstance instance) => _transcoding?.Offer(instance, KeepAsync) ?? instance;

    /// <summary>Writes the object to a file, from its beginning: its frames are found and read there, one at a time.</summary>
    /// <returns>The file.</returns>
    private async ValueTask<string> KeepAsync(CancellationToken ct)
    {
        if (_file is not null) return _file.Name;
        if (!_bytes.CanRewind) throw new ObjectEncodingException($"the object has more than {MaxKept} bytes before its pixel data, and cannot be encoded anew");
        _bytes.Rewind();
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read | FileShare.Delete, BufferSize = 0,
            Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(Path.Combine(BodyBudget.Process.Folder, $"harmony-sent-{Guid.NewGuid():N}.tmp"), options);
        try
        {
            await _bytes.CopyToAsync(file, ct);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }

        _file = file;
        return file.Name;
    }

    private static async ValueTask<SopInstance> ReadInstanceAsync(Stream bytes, RequestEnvelope request, CancellationToken ct)
    {
        try
        {
            return await SopInstance.ReadAsync(bytes, ct);
        }
        catch (DicomFormatException e)
        {
            throw new GatewayException(FaultSource.Client, FaultKind.Malformed, $"the body is no DICOM object: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw request.Aborted.IsCancellationRequested
                ? new GatewayException(FaultSource.Client, FaultKind.ClientGone, "the client has gone", e)
                : new GatewayException(FaultSource.Client, FaultKind.Malformed, "the body ends too early", e);
        }
    }
}
