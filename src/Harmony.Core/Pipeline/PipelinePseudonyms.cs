using System.Security.Cryptography;
using System.Text;

namespace Harmony.Core.Pipeline;

/// <summary>Names for pipelines that can be shown to anybody: a keyed hash of the real name, with a key that each process draws anew.</summary>
internal static class PipelinePseudonyms
{
    private const int Bytes = 4; // two gateways of one chain share a name once in four billion

    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    /// <summary>The pseudonym of a pipeline, such as <c>harmony-5f0c9a1b</c>.</summary>
    public static string Of(string pipeline)
    {
        var hash = HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(pipeline));
        return "harmony-" + Convert.ToHexStringLower(hash.AsSpan(0, Bytes));
    }
}
