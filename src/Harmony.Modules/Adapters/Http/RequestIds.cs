using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;

namespace Harmony.Modules.Adapters.Http;

/// <summary>Takes a request's id from <c>x-request-id</c>, or makes one.</summary>
internal static class RequestIds
{
    private const int MaxLength = 128;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:+/=@");

    // An id has to be unique, not secret: drawing random bytes for each request would cost a system call.
    private static readonly ulong Process = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    private static ulong _last = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <summary>What the client sent, if it is fit for logs and fields of every kind; else 32 hexadecimal digits of our own.</summary>
    public static string From(string? sent)
        => sent is { Length: > 0 and <= MaxLength } && !sent.AsSpan().ContainsAnyExcept(Allowed) ? sent : Next();

    private static string Next() => string.Create(32, Interlocked.Increment(ref _last), static (digits, number) =>
    {
        Process.TryFormat(digits, out _, "x16", CultureInfo.InvariantCulture);
        number.TryFormat(digits[16..], out _, "x16", CultureInfo.InvariantCulture);
    });
}
