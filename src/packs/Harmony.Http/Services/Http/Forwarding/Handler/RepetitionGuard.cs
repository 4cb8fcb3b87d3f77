using System.Text;

namespace Harmony.Http.Services.Http.Forwarding.Handler;

/// <summary>
/// Tells each <see cref="TargetRequest"/> when it goes out. <see cref="SocketsHttpHandler"/> says nothing of its repetitions, but it asks for the encoding of
/// each field whenever it writes a head, and every request has one field that stands in it once.
/// </summary>
internal static class RepetitionGuard
{
    private const string OnceInEachHead = "X-Request-ID";

    /// <summary>
    /// The encoding of a field. Field values are octets to a gateway; without an encoding, which is faster, only ASCII goes out.
    /// </summary>
    public static Encoding? OnField(string name, HttpRequestMessage request)
    {
        if (request is not TargetRequest sent) return Encoding.Latin1;
        if (name.Equals(OnceInEachHead, StringComparison.OrdinalIgnoreCase)) sent.GoesOut();
        return sent.HasObsText ? Encoding.Latin1 : null;
    }
}
