using System.IO.Compression;
using System.IO.Pipelines;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Jmix.Packaging;
using Harmony.Packages.JmixBuilder;

namespace Harmony.Packages.Jmix;

/// <summary>Sends a stored zip as a tar.gz, which is written while the client reads.</summary>
internal static class TarGzResponse
{
    /// <summary>The response, which disposes the file at its end.</summary>
    public static ResponseEnvelope Of(RequestEnvelope request, Guid id, Stream file)
    {
        ResponseEnvelope response;
        if (request.Method == "HEAD")
        {
            file.Dispose();
            response = new ResponseEnvelope(request, 200);
        }
        else
        {
            var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1 << 20, resumeWriterThreshold: 1 << 19, useSynchronizationContext: false));
            var making = MakeAsync(file, pipe.Writer, request.Aborted);
            response = new ResponseEnvelope(request, 200) { Body = Body.FromStream(pipe.Reader.AsStream(), null), Source = new Made(pipe.Reader, making) };
        }

        response.Headers.Add("content-type", "application/gzip");
        response.Headers.Add("content-disposition", $"attachment; filename=\"{id}.tar.gz\"");
        response.Headers.Add("etag", $"\"{id}-gz\"");
        return response;
    }

    private static async Task MakeAsync(Stream file, PipeWriter writer, CancellationToken ct)
    {
        Exception? failure = null;
        try
        {
            await using (file)
            await using (var output = new PipeEnd(writer))
            await using (var sink = new TarSink(output, CompressionLevel.Fastest))
            {
                await using var zip = await ZipArchive.CreateAsync(file, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, ct);
                foreach (var entry in zip.Entries.Where(e => !e.FullName.EndsWith('/')))
                {
                    await using var content = await entry.OpenAsync(ct);
                    await using var copy = await sink.AddAsync(entry.FullName, entry.Length, ct);
                    await content.CopyToAsync(copy, ct);
                }

                await sink.CompleteAsync(ct);
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException or OperationCanceledException or GatewayException)
        {
            failure = e;
        }

        await writer.CompleteAsync(failure is null ? null : new IOException("the package cannot be read to its end", failure));
    }

    private sealed class Made(PipeReader reader, Task making) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await reader.CompleteAsync();
            await making;
        }
    }
}
