using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Harmony.Data.Services.Storage.S3;

/// <summary>What an object is to be at S3.</summary>
/// <param name="Key">Its key.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="IsNew">No object may be replaced: the service is told, and refuses with 412.</param>
/// <param name="IfMatch">The entity tag of the object that may be replaced; null for no condition.</param>
internal sealed record S3Target(string Key, string ContentType, bool IsNew, string? IfMatch);

/// <summary>
/// Sends objects to S3: small ones by one PUT, others by a multipart upload that is completed at the end and taken back where the sender breaks off. At most
/// two parts are held in memory.
/// </summary>
/// <param name="client">The client.</param>
/// <param name="bucket">The bucket.</param>
internal sealed class S3Uploads(IAmazonS3 client, string bucket)
{
    /// <summary>The first part, and the length from which an object has parts at all.</summary>
    public const int FirstPart = 8 * 1024 * 1024;

    /// <summary>The metadata of small objects that hold their SHA-256. That of others is known when the metadata are sent already.</summary>
    public const string HashKey = "sha256";

    /// <summary>
    /// A multipart upload has at most 10,000 parts of at least 5 MiB; parts grow, so that an object may have the 5 TiB that the service takes.
    /// </summary>
    private const int LargestPart = 512 * 1024 * 1024, PartsOfOneSize = 1000;

    private volatile bool _knowsConditions = true;

    /// <returns>How many bytes there are, less than the size only at the end.</returns>
    public static ValueTask<int> ReadPartAsync(Stream content, byte[] part, int size, CancellationToken ct)
        => content.ReadAtLeastAsync(part.AsMemory(0, size), size, throwOnEndOfStream: false, ct);

    /// <summary>Writes an object.</summary>
    /// <param name="target">What it is to be.</param>
    /// <param name="beginning">Its first bytes; all of it where they are fewer than a part has.</param>
    /// <param name="length">How many of them.</param>
    /// <param name="rest">What follows them.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The object's length and entity tag; null where the condition does not hold: the rest is used up then.</returns>
    public async ValueTask<(long Length, string ETag)?> PutAsync(S3Target target, byte[] beginning, int length, Stream rest, CancellationToken ct)
    {
        try
        {
            if (length >= FirstPart) return await PutPartsAsync(target, beginning, rest, ct);
            return (length, await PutWholeAsync(target, beginning.AsSpan(0, length).ToArray(), ct));
        }
        catch (AmazonS3Exception e) when ((target.IsNew || target.IfMatch is not null)
            && e.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict)
        {
            return null;
        }
    }

    /// <summary>Aborts uploads that were abandoned: their parts cost space, and no list of objects shows them.</summary>
    /// <param name="prefix">Where.</param>
    /// <param name="before">Those that began before.</param>
    /// <param name="ct">Ends the work.</param>
    /// <returns>How many there were.</returns>
    public async Task<int> AbortOldAsync(string prefix, DateTimeOffset before, CancellationToken ct)
    {
        var count = 0;
        var request = new ListMultipartUploadsRequest { BucketName = bucket, Prefix = prefix };
        while (true)
        {
            var page = await client.ListMultipartUploadsAsync(request, ct);
            foreach (var upload in page.MultipartUploads ?? [])
            {
                if (upload.Initiated is not { } begun || new DateTimeOffset(begun.ToUniversalTime()) >= before) continue;
                await client.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = bucket, Key = upload.Key, UploadId = upload.UploadId },
                    ct);
                count++;
            }

            if (page.IsTruncated != true) return count;
            (request.KeyMarker, request.UploadIdMarker) = (page.NextKeyMarker, page.NextUploadIdMarker);
        }
    }

    /// <param name="target">What it is to be.</param>
    /// <param name="content">A copy: the buffer may be reused while a request that was given up still sends.</param>
    /// <param name="ct">Ends the wait.</param>
    private async Task<string> PutWholeAsync(S3Target target, byte[] content, CancellationToken ct)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(content));
        return await ConditionallyAsync(async knowsConditions =>
        {
            var request = new PutObjectRequest
            {
                BucketName = bucket,
                Key = target.Key,
                InputStream = new MemoryStream(content, writable: false),
                ContentType = target.ContentType,
                UseChunkEncoding = false, // stores of other makers keep the framing of chunks as content
            };
            if (knowsConditions) (request.IfNoneMatch, request.IfMatch) = (target.IsNew ? "*" : null, target.IfMatch);
            request.Metadata[HashKey] = hash;
            return (await client.PutObjectAsync(request, ct)).ETag;
        });
    }

    private async ValueTask<(long Length, string ETag)> PutPartsAsync(S3Target target, byte[] first, Stream content, CancellationToken ct)
    {
        var upload = await client.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest { BucketName = bucket, Key = target.Key, ContentType = target.ContentType }, ct);
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

            return (length, await CompleteAsync(target, upload, parts, length, ct));
        }
        catch
        {
            await AbortAsync(upload);
            throw;
        }
    }

    private async Task<PartETag> PartAsync(InitiateMultipartUploadResponse upload, int number, byte[] content, int length, CancellationToken ct)
    {
        var response = await client.UploadPartAsync(new UploadPartRequest
        {
            BucketName = bucket,
            Key = upload.Key,
            UploadId = upload.UploadId,
            PartNumber = number,
            PartSize = length,
            InputStream = new MemoryStream(content, 0, length, writable: false),
            UseChunkEncoding = false,
        }, ct);
        return new PartETag(number, response.ETag);
    }

    private async Task<string> CompleteAsync(S3Target target, InitiateMultipartUploadResponse upload, List<PartETag> parts, long length, CancellationToken ct)
    {
        try
        {
            return await ConditionallyAsync(async knowsConditions =>
            {
                var complete = new CompleteMultipartUploadRequest { BucketName = bucket, Key = target.Key, UploadId = upload.UploadId, PartETags = parts };
                if (knowsConditions) (complete.IfNoneMatch, complete.IfMatch) = (target.IsNew ? "*" : null, target.IfMatch);
                return (await client.CompleteMultipartUploadAsync(complete, ct)).ETag;
            });
        }
        catch (AmazonS3Exception e) when (e.ErrorCode == "NoSuchUpload")
        {
            // The first try was done, and only its response was lost: an upload that is complete is no upload any more.
            var there = await client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = bucket, Key = target.Key }, ct);
            var isOfThese = there.ContentLength == length
                && there.ETag.EndsWith(string.Create(CultureInfo.InvariantCulture, $"-{parts.Count}\""), StringComparison.Ordinal);
            if (!isOfThese) throw;
            return there.ETag;
        }
    }

    /// <summary>
    /// Sends with conditions to a server that knows them. One that says it does not (501) is not told again: what was looked up before is the condition then.
    /// </summary>
    private async Task<string> ConditionallyAsync(Func<bool, Task<string>> send)
    {
        if (!_knowsConditions) return await send(false);
        try
        {
            return await send(true);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotImplemented)
        {
            _knowsConditions = false;
            return await send(false);
        }
    }

    private async Task AbortAsync(InitiateMultipartUploadResponse upload)
    {
        try
        {
            await client.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = bucket, Key = upload.Key, UploadId = upload.UploadId },
                CancellationToken.None);
        }
        catch (Exception e) when (e is AmazonServiceException or AmazonClientException or HttpRequestException or IOException)
        {
            // A sweep takes away what is left; the failure that led here is the one to be told.
        }
    }
}
