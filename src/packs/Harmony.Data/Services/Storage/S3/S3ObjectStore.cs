using System.Buffers;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using Harmony.Core.Content;
using Harmony.Core.Content.Spooling;
using Harmony.Core.Storage;

namespace Harmony.Data.Services.Storage.S3;

/// <summary>
/// Objects in S3, or a server that speaks its protocol. An object appears when all of it is there. Nothing relies on a listing that shows what was written
/// a moment ago.
/// </summary>
/// <param name="client">The client. Disposed with the store.</param>
/// <param name="location">Where the objects are.</param>
/// <param name="clock">Tells the age of uploads that were not completed.</param>
internal sealed class S3ObjectStore(IAmazonS3 client, S3Location location, TimeProvider clock) : IObjectStore
{
    private const int MostVersions = 10_000;
    private const int CopyBuffer = 128 * 1024;

    /// <summary>The service copies no larger objects by itself (CopyObject).</summary>
    private const long LargestCopy = 5L << 30;

    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    private readonly S3Uploads _uploads = new(client, location.Bucket);
    private readonly S3Faults _faults = new($"s3://{location.Bucket}/{location.Prefix}");

    public string Description => $"s3://{location.Bucket}/{location.Prefix}";

    public async ValueTask<WrittenObject> WriteAsync(ObjectName name, Stream content, ObjectWrite how, CancellationToken ct)
    {
        var isNew = how.IfExists != IfExists.Overwrite;
        var there = isNew || how.IfMatch is not null ? await StatAsync(name, ct) : null;
        if (there is not null && isNew) return await WriteTakenAsync(name, content, how, ct);
        if (how.IfMatch is { } wanted && (there is null || !EntityTags.NamesStrongly(wanted, there.ETag)))
            return new WrittenObject(name, 0, WriteOutcome.Refused, there?.ETag ?? "");
        var beginning = ArrayPool<byte>.Shared.Rent(S3Uploads.FirstPart);
        content = new SentContent(content);
        try
        {
            var length = await S3Uploads.ReadPartAsync(content, beginning, S3Uploads.FirstPart, ct);
            var target = new S3Target(KeyOf(name), how.ContentType ?? ObjectContentType.Of(name), isNew, how.IfMatch is null ? null : there!.ETag);
            if (await PutAsync(name, target, beginning, length, content, ct) is { } written) return written;
            if (how.IfMatch is not null) return new WrittenObject(name, 0, WriteOutcome.Refused, "");
            // Another writer has taken the name in the meantime, and content that was streamed cannot be read again; content in memory can.
            if (length == S3Uploads.FirstPart && how.IfExists == IfExists.Version) throw _faults.Of("another object of that name was written at the same time");
            return await WriteTakenAsync(name, new MemoryStream(beginning, 0, length, writable: false), how, ct);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(beginning);
        }
    }

    public async ValueTask<ObjectStat?> StatAsync(ObjectName name, CancellationToken ct)
        => await HeadAsync(name, ct) is { } head
            ? new ObjectStat(name, head.ContentLength, head.ETag, Moment(head.LastModified))
            {
                ContentType = head.Headers.ContentType ?? ObjectContentType.Of(name)
            }
            : null;

    public ValueTask<StoredObject?> OpenAsync(ObjectName name, Core.Content.ByteRange? range, CancellationToken ct)
        => AskAsync("an object cannot be read", async () =>
    {
        var request = new GetObjectRequest { BucketName = location.Bucket, Key = KeyOf(name) };
        if (range is { } part) request.ByteRange = new Amazon.S3.Model.ByteRange(part.Start, part.Start + part.Length - 1);
        var response = await client.GetObjectAsync(request, ct);
        var total = TotalOf(response.ContentRange) ?? response.ContentLength;
        // A server may give the whole in place of a part (RFC 9110 §14.2).
        var content = range is { } wanted && response.ContentLength != wanted.Length
            ? new RangeStream(response.ResponseStream, wanted)
            : response.ResponseStream;
        return new StoredObject(content, new ObjectStat(name, total, response.ETag, Moment(response.LastModified))
        {
            ContentType = response.Headers.ContentType
            ?? ObjectContentType.Of(name)
        });
    }, ct);

    public async IAsyncEnumerable<ObjectStat> ListAsync(string prefix, string after, [EnumeratorCancellation] CancellationToken ct)
    {
        var request = new ListObjectsV2Request
        {
            BucketName = location.Bucket, Prefix = location.Prefix + prefix, StartAfter = after.Length == 0 ? null : location.Prefix + after
        };
        while (true)
        {
            var page = await AskAsync("the objects cannot be listed", () => client.ListObjectsV2Async(request, ct), ct);
            foreach (var found in page?.S3Objects ?? [])
            {
                // Others may keep objects in the bucket whose keys are no names here.
                if (!ObjectName.TryParse(found.Key[location.Prefix.Length..], out var name)) continue;
                yield return new ObjectStat(name, found.Size ?? 0, found.ETag, Moment(found.LastModified));
            }

            if (page?.IsTruncated != true) yield break;
            request.ContinuationToken = page.NextContinuationToken;
        }
    }

    public async ValueTask<bool> DeleteAsync(ObjectName name, CancellationToken ct)
    {
        if (await HeadAsync(name, ct) is null) return false; // the service itself does not say whether there was one
        await AskAsync(
            "an object cannot be deleted", () => client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = location.Bucket, Key = KeyOf(name) }, ct), ct);
        return true;
    }

    public async ValueTask<WrittenObject?> CopyAsync(ObjectName from, ObjectName to, IfExists ifExists, CancellationToken ct)
    {
        if (await StatAsync(from, ct) is not { } source) return null;
        // Elsewhere what becomes of a name that is taken depends on the bytes.
        if (ifExists == IfExists.Overwrite && source.Length <= LargestCopy && await CopyAtServerAsync(from, to, ct) is { } etag)
            return new WrittenObject(to, source.Length, WriteOutcome.Written, etag);
        if (await OpenAsync(from, null, ct) is not { } opened) return null;
        await using var content = opened.Content;
        return await WriteAsync(to, content, new ObjectWrite(ifExists) { ContentType = source.ContentType }, ct);
    }

    public async ValueTask<int> CleanUpAsync(CancellationToken ct)
    {
        try
        {
            return await _uploads.AbortOldAsync(location.Prefix, clock.GetUtcNow() - Abandoned, ct);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotImplemented)
        {
            return 0; // the server lists no uploads
        }
        catch (Exception e) when (S3Faults.IsOne(e, ct))
        {
            throw _faults.Of("uploads that were never completed cannot be found", e);
        }
    }

    public void Dispose() => client.Dispose();

    /// <returns>The entity tag; null where the server does not copy, so that the bytes have to come and go.</returns>
    private async ValueTask<string?> CopyAtServerAsync(ObjectName from, ObjectName to, CancellationToken ct)
    {
        try
        {
            var request = new CopyObjectRequest
            {
                SourceBucket = location.Bucket, SourceKey = KeyOf(from), DestinationBucket = location.Bucket, DestinationKey = KeyOf(to)
            };
            return (await client.CopyObjectAsync(request, ct)).ETag;
        }
        catch (AmazonS3Exception)
        {
            return null;
        }
        catch (Exception e) when (S3Faults.IsOne(e, ct))
        {
            throw _faults.Of("an object cannot be copied", e);
        }
    }

    private static DateTimeOffset Moment(DateTime? time) => time is { } known ? new DateTimeOffset(known.ToUniversalTime()) : DateTimeOffset.UnixEpoch;

    private static long? TotalOf(string? contentRange)
        => contentRange?.LastIndexOf('/') is >= 0 and var slash && long.TryParse(contentRange.AsSpan(slash + 1), out var total) ? total : null;

    private string KeyOf(ObjectName name) => location.Prefix + name.Text;

    /// <summary>Asks the service; null where there is no such object.</summary>
    private async ValueTask<T?> AskAsync<T>(string failure, Func<Task<T>> ask, CancellationToken ct)
        where T : class
    {
        try
        {
            return await ask();
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode != "NoSuchBucket")
        {
            return null;
        }
        catch (Exception e) when (S3Faults.IsOne(e, ct))
        {
            throw _faults.Of(failure, e);
        }
    }

    private ValueTask<GetObjectMetadataResponse?> HeadAsync(ObjectName name, CancellationToken ct) => AskAsync(
        "the server does not say whether an object is there", ()
            => client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = location.Bucket, Key = KeyOf(name) }, ct), ct);

    private async ValueTask<WrittenObject?> PutAsync(ObjectName name, S3Target target, byte[] beginning, int length, Stream rest, CancellationToken ct)
    {
        try
        {
            return await _uploads.PutAsync(target, beginning, length, rest, ct) is { } put
                ? new WrittenObject(name, put.Length, WriteOutcome.Written, put.ETag)
                : null;
        }
        catch (Exception e) when (S3Faults.IsOne(e, ct) && rest is not SentContent { HasFailed: true })
        {
            throw _faults.Of("an object cannot be written", e);
        }
    }

    /// <summary>An object whose name is taken: it is dropped, the same bytes are there already, or the new ones get a name of their own.</summary>
    private async ValueTask<WrittenObject> WriteTakenAsync(ObjectName name, Stream content, ObjectWrite how, CancellationToken ct)
    {
        if (how.IfExists != IfExists.Version)
        {
            if (how.IfExists == IfExists.Keep) await content.CopyToAsync(Stream.Null, ct);
            var there = await StatAsync(name, ct);
            return new WrittenObject(name, there?.Length ?? 0, how.IfExists == IfExists.Keep ? WriteOutcome.WasThere : WriteOutcome.Refused, there?.ETag ?? "");
        }

        // Whether it is the same shows at its end; the name it gets depends on that. So it waits on the disk.
        using var spooled = SpooledFile.Create(BodyBudget.Process);
        var hash = await HashAsync(content, spooled, ct);
        var beginning = new byte[Math.Min(S3Uploads.FirstPart, spooled.Length)];
        for (var version = 1; version <= MostVersions; version++)
        {
            var candidate = version == 1 ? name : name.Version(version);
            if (await HeadAsync(candidate, ct) is { } there)
            {
                if (await IsSameAsync(candidate, there, hash, spooled.Length, ct))
                    return new WrittenObject(candidate, spooled.Length, WriteOutcome.WasThere, there.ETag);
                continue;
            }

            await using var rest = spooled.OpenRead();
            var length = await S3Uploads.ReadPartAsync(rest, beginning, beginning.Length, ct);
            var target = new S3Target(KeyOf(candidate), how.ContentType ?? ObjectContentType.Of(candidate), IsNew: true, IfMatch: null);
            if (await PutAsync(candidate, target, beginning, length, rest, ct) is { } written) return written;
        }

        throw _faults.Of($"there are {MostVersions} versions of one object");
    }

    /// <summary>Small objects carry their hash; larger ones are read where their length is the same.</summary>
    private async ValueTask<bool> IsSameAsync(ObjectName name, GetObjectMetadataResponse there, string hash, long length, CancellationToken ct)
    {
        if (there.ContentLength != length) return false;
        if (there.Metadata[S3Uploads.HashKey] is { Length: > 0 } known) return known == hash;
        if (await OpenAsync(name, null, ct) is not { } opened) return false;
        await using var content = opened.Content;
        return await HashAsync(content, copy: null, ct) == hash;
    }

    private static async Task<string> HashAsync(Stream content, SpooledFile? copy, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBuffer);
        try
        {
            int read;
            while ((read = await content.ReadAsync(buffer, ct)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                if (copy is not null) await copy.AppendAsync(buffer.AsMemory(0, read), ct);
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>What is sent, and whether it was the sender who failed: that ends the write as it is, and is no fault of the service.</summary>
    private sealed class SentContent(Stream content) : AsyncReadStream
    {
        public bool HasFailed { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                return await content.ReadAsync(buffer, cancellationToken);
            }
            catch
            {
                HasFailed = true;
                throw;
            }
        }
    }
}
