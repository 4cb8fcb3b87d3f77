using System.Buffers;
using System.Net;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Harmony.Core.Faults;
using Harmony.Core.Storage;

namespace Harmony.Data.Services.Storage.S3;

/// <summary>
/// Objects in S3, or a server that speaks its protocol. An object appears when all of it is there: small ones by one PUT, others by a multipart upload
/// that is completed at the end and taken back where the sender breaks off. At most two parts are held in memory.
/// </summary>
/// <param name="client">The client. Disposed with the store.</param>
/// <param name="location">Where the objects are.</param>
internal sealed class S3ObjectStore(IAmazonS3 client, S3Location location) : IObjectStore
{
    /// <summary>A multipart upload has at most 10,000 parts of at least 5 MiB; parts grow, so that an object may have the 5 TiB that the service takes.</summary>
    private const int FirstPart = 8 * 1024 * 1024, LargestPart = 512 * 1024 * 1024, PartsOfOneSize = 1000;

    private const int MostVersions = 10_000;
    private const string HashKey = "sha256";

    private static readonly TimeSpan Leftover = TimeSpan.FromDays(1);

    public string Description => $"s3://{location.Bucket}/{location.Prefix}";

    public async ValueTask<WrittenObject> WriteAsync(ObjectName name, Stream content, IfExists ifExists, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(content);
        var mustBeNew = ifExists != IfExists.Overwrite;
        if (mustBeNew && await StatAsync(name, ct) is not null) return await WriteTakenAsync(name, content, ifExists, ct);
        var beginning = ArrayPool<byte>.Shared.Rent(FirstPart);
        try
        {
            var length = await ReadPartAsync(content, beginning, FirstPart, ct);
            if (await PutAsync(name, beginning, length, content, mustBeNew, ct) is { } written) return written;
            // Somebody has taken the name in the meantime, and what was sent cannot be read again; what was held can.
            if (length == FirstPart && ifExists == IfExists.Version) throw Failed("another object of that name was written at the same time", null);
            return await WriteTakenAsync(name, new MemoryStream(beginning, 0, length, writable: false), ifExists, ct);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(beginning);
        }
    }

    public async ValueTask<StoredObject?> OpenAsync(ObjectName name, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(name);
        try
        {
            var response = await client.GetObjectAsync(new GetObjectRequest { BucketName = location.Bucket, Key = KeyOf(name) }, ct);
            return new StoredObject(response.ResponseStream, response.ContentLength);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (Exception e) when (IsFault(e, ct))
        {
            throw Failed("an object cannot be read", e);
        }
    }

    public int CleanUp() => 0;

    /// <summary>Takes back uploads that nobody has gone on with for a day: their parts cost space, and no list of objects shows them.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> CleanUpAsync(DateTimeOffset now, CancellationToken ct)
    {
        var count = 0;
        var request = new ListMultipartUploadsRequest { BucketName = location.Bucket, Prefix = location.Prefix };
        while (true)
        {
            var page = await client.ListMultipartUploadsAsync(request, ct);
            foreach (var upload in page.MultipartUploads ?? [])
            {
                if (upload.Initiated is not { } begun || now - new DateTimeOffset(begun.ToUniversalTime()) < Leftover) continue;
                await client.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = location.Bucket, Key = upload.Key, UploadId = upload.UploadId }, ct);
                count++;
            }

            if (page.IsTruncated != true) return count;
            (request.KeyMarker, request.UploadIdMarker) = (page.NextKeyMarker, page.NextUploadIdMarker);
        }
    }

    public void Dispose() => client.Dispose();

    private string KeyOf(ObjectName name) => location.Prefix + name.Text;

    /// <summary>An object whose name is taken: it is dropped, the same bytes are there already, or the new ones get a name of their own.</summary>
    private async ValueTask<WrittenObject> WriteTakenAsync(ObjectName name, Stream content, IfExists ifExists, CancellationToken ct)
    {
        if (ifExists == IfExists.Keep)
        {
            await content.CopyToAsync(Stream.Null, ct);
            return new WrittenObject(name, (await StatAsync(name, ct))?.ContentLength ?? 0, WasThere: true);
        }

        // Whether it is the same shows at its end; the name it gets depends on that. So it waits on the disk.
        await using var spooled = new FileStream(Path.Combine(Path.GetTempPath(), $"harmony-{Guid.NewGuid():N}.tmp"), new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose, BufferSize = 0,
        });
        var hash = await CopyAsync(content, spooled, ct);
        var beginning = new byte[Math.Min(FirstPart, spooled.Length)];
        for (var version = 1; version <= MostVersions; version++)
        {
            var candidate = version == 1 ? name : name.Version(version);
            var there = await StatAsync(candidate, ct);
            if (there is not null && IsSame(there, hash, spooled.Length)) return new WrittenObject(candidate, spooled.Length, WasThere: true);
            if (there is not null) continue;
            spooled.Position = 0;
            var length = await ReadPartAsync(spooled, beginning, beginning.Length, ct);
            if (await PutAsync(candidate, beginning, length, spooled, mustBeNew: true, ct) is { } written) return written;
        }

        throw Failed($"there are {MostVersions} versions of one object", null);
    }

    private static bool IsSame(GetObjectMetadataResponse there, string hash, long length) => there.ContentLength == length && there.Metadata[HashKey] == hash;

    private static async Task<string> CopyAsync(Stream content, FileStream file, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
        try
        {
            int read;
            while ((read = await content.ReadAsync(buffer, ct)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), ct);
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask<GetObjectMetadataResponse?> StatAsync(ObjectName name, CancellationToken ct)
    {
        try
        {
            return await client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = location.Bucket, Key = KeyOf(name) }, ct);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (Exception e) when (IsFault(e, ct))
        {
            throw Failed("the server does not say whether an object is there", e);
        }
    }

    /// <returns>How many bytes there are, less than the size only at the end.</returns>
    private static ValueTask<int> ReadPartAsync(Stream content, byte[] part, int size, CancellationToken ct)
        => content.ReadAtLeastAsync(part.AsMemory(0, size), size, throwOnEndOfStream: false, ct);

    /// <summary>Writes an object.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="beginning">Its first bytes; all of it where they are fewer than a part has.</param>
    /// <param name="length">How many of them.</param>
    /// <param name="rest">What follows them.</param>
    /// <param name="mustBeNew">Whether no object may be replaced.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>Null where <paramref name="mustBeNew"/> and somebody has taken the name in the meantime; the rest is used up then.</returns>
    private async ValueTask<WrittenObject?> PutAsync(ObjectName name, byte[] beginning, int length, Stream rest, bool mustBeNew, CancellationToken ct)
    {
        try
        {
            return length < FirstPart ? await PutWholeAsync(name, beginning, length, mustBeNew, ct) : await PutPartsAsync(name, beginning, rest, mustBeNew, ct);
        }
        catch (AmazonS3Exception e) when (mustBeNew && e.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict)
        {
            return null;
        }
        catch (Exception e) when (IsFault(e, ct))
        {
            throw Failed("an object cannot be written", e);
        }
    }

    private async ValueTask<WrittenObject> PutWholeAsync(ObjectName name, byte[] content, int length, bool mustBeNew, CancellationToken ct)
    {
        var request = new PutObjectRequest
        {
            BucketName = location.Bucket,
            Key = KeyOf(name),
            InputStream = new MemoryStream(content.AsSpan(0, length).ToArray(), writable: false), // the buffer may go to somebody else while a request that was given up still sends
            ContentType = StoredContentType.Of(name.Extension),
            UseChunkEncoding = false, // stores of other makers keep the framing of chunks as content
        };
        if (mustBeNew) request.IfNoneMatch = "*";
        request.Metadata[HashKey] = Convert.ToHexStringLower(SHA256.HashData(content.AsSpan(0, length)));
        await client.PutObjectAsync(request, ct);
        return new WrittenObject(name, length, WasThere: false);
    }

    private async ValueTask<WrittenObject> PutPartsAsync(ObjectName name, byte[] first, Stream content, bool mustBeNew, CancellationToken ct)
    {
        var key = KeyOf(name);
        var upload = await client.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest { BucketName = location.Bucket, Key = key, ContentType = StoredContentType.Of(name.Extension) }, ct);
        try
        {
            var parts = new List<PartETag> { await PartAsync(upload, 1, first.AsSpan(0, FirstPart).ToArray(), FirstPart, ct) };
            long length = FirstPart;
            var part = new byte[FirstPart];
            for (var number = 2; ; number++)
            {
                var size = (int)Math.Min(LargestPart, FirstPart * (1L << Math.Min(6, number / PartsOfOneSize)));
                if (part.Length < size) part = new byte[size];
                var read = await ReadPartAsync(content, part, size, ct);
                if (read == 0) break;
                parts.Add(await PartAsync(upload, number, part, read, ct));
                length += read;
            }

            var complete = new CompleteMultipartUploadRequest { BucketName = location.Bucket, Key = key, UploadId = upload.UploadId, PartETags = parts };
            if (mustBeNew) complete.IfNoneMatch = "*";
            await client.CompleteMultipartUploadAsync(complete, ct);
            return new WrittenObject(name, length, WasThere: false);
        }
        catch
        {
            await AbortAsync(key, upload.UploadId);
            throw;
        }
    }

    private async Task<PartETag> PartAsync(InitiateMultipartUploadResponse upload, int number, byte[] content, int length, CancellationToken ct)
    {
        var response = await client.UploadPartAsync(new UploadPartRequest
        {
            BucketName = location.Bucket,
            Key = upload.Key,
            UploadId = upload.UploadId,
            PartNumber = number,
            PartSize = length,
            InputStream = new MemoryStream(content, 0, length, writable: false),
            UseChunkEncoding = false,
        }, ct);
        return new PartETag(number, response.ETag);
    }

    private async Task AbortAsync(string key, string uploadId)
    {
        try
        {
            await client.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = location.Bucket, Key = key, UploadId = uploadId }, CancellationToken.None);
        }
        catch (Exception e) when (e is AmazonServiceException or AmazonClientException or HttpRequestException or IOException)
        {
            // The next start sweeps what is left; the failure that led here is the one to be told.
        }
    }

    // What the sender of the content does, ends the write as it is; what the service does, is a fault of the store.
    private static bool IsFault(Exception e, CancellationToken ct)
        => e is AmazonServiceException or AmazonClientException or HttpRequestException || (e is OperationCanceledException && !ct.IsCancellationRequested);

    private GatewayException Failed(string what, Exception? cause)
    {
        var isFull = cause is AmazonS3Exception { ErrorCode: "QuotaExceeded" or "EntityTooLarge" or "XMinioStorageFull" };
        var reason = cause switch
        {
            AmazonS3Exception s3 => $": {s3.ErrorCode ?? s3.StatusCode.ToString()}",
            null => "",
            _ => $": {cause.GetType().Name}",
        };
        return new GatewayException(FaultSource.Gateway, isFull ? FaultKind.StorageFull : FaultKind.Unavailable, $"'{Description}': {what}{reason}", cause, retryable: true);
    }
}
