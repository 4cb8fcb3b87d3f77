using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Harmony.Http.Adapters.Http;

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
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Process);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], number);
        Convert.TryToHexStringLower(bytes, digits, out _);
    });
}
