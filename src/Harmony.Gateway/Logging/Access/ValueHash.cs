using System.Security.Cryptography;
using System.Text;

namespace Harmony.Gateway.Logging.Access;

/// <summary>
/// Short texts that stand for values: equal for equal values, and useless without the key. An unkeyed hash of a patient's ID could be found by trying
/// all there are.
/// </summary>
/// <param name="key">The key; null for one that lasts as long as this.</param>
internal sealed class ValueHash(string? key)
{
    private const int Length = 12; // bytes: no two of a billion values share a hash

    private readonly byte[] _key = key is null ? RandomNumberGenerator.GetBytes(32) : Encoding.UTF8.GetBytes(key);

    /// <summary>What stands for a value; null where there is none.</summary>
    public string? Of(string? value)
        => string.IsNullOrEmpty(value) ? null : Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(value)).AsSpan(0, Length));
}
