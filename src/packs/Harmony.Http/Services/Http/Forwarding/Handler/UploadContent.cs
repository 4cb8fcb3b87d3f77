using System.Net;

namespace Harmony.Http.Services.Http.Forwarding.Handler;

/// <summary>A body in the form in which <see cref="SocketsHttpHandler"/> takes it.</summary>
internal sealed class UploadContent(RequestUpload upload, ActivityTimeout deadline) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => upload.CopyToAsync(stream, deadline, deadline.Token);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        => upload.CopyToAsync(stream, deadline, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = upload.Length ?? -1;
        return length >= 0;
    }
}
