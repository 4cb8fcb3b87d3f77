using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace Harmony.Imaging.Adapters.Dimse;

/// <summary>Reads the called AE title of a connection without consuming bytes, because the title determines the endpoint.</summary>
internal static class CalledAeTitle
{
    private const byte AssociateRequest = 0x01;
    private const int TitleStart = 10; // type, reserved, length (4), version (2), reserved (2): PS3.8 table 9-11
    private const int TitleLength = 16;

    /// <summary>Waits for the beginning of a request for an association.</summary>
    /// <returns>The called AE title without the spaces around it, empty where something else was sent; null when nothing came.</returns>
    public static async ValueTask<string?> PeekAsync(PipeReader input, CancellationToken ct)
    {
        while (true)
        {
            var read = await input.ReadAsync(ct);
            var buffer = read.Buffer;
            if (buffer.IsEmpty && read.IsCompleted) return null;
            if (!buffer.IsEmpty && (buffer.FirstSpan[0] != AssociateRequest || buffer.Length >= TitleStart + TitleLength || read.IsCompleted))
            {
                var title = TitleIn(buffer);
                input.AdvanceTo(buffer.Start, buffer.Start);
                return title;
            }

            input.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private static string TitleIn(in ReadOnlySequence<byte> buffer)
        => buffer.FirstSpan[0] == AssociateRequest && buffer.Length >= TitleStart + TitleLength
            ? Encoding.ASCII.GetString(buffer.Slice(TitleStart, TitleLength)).Trim(' ', '\0')
            : "";
}
