using System.Numerics;
using System.Security.Cryptography;

namespace Harmony.Jose;

/// <summary>
/// Detects RSA keys whose primes a faulty library has made (ROCA, CVE-2017-15361): their private key can be computed from the public key. The
/// modulus of such a key is a power of 65537 modulo each of the first primes; of another key this holds by chance once in a hundred million.
/// </summary>
internal static class WeakPrimes
{
    private const int Generator = 65537;

    private static readonly int[] Primes =
    [
        3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157,
        163, 167,
    ];

    private static readonly (int Prime, bool[] IsPower)[] Powers = [.. Primes.Select(p => (p, PowersModulo(p)))];

    /// <summary>Whether a modulus has such primes.</summary>
    public static bool AreIn(RSA rsa)
    {
        var modulus = new BigInteger(rsa.ExportParameters(includePrivateParameters: false).Modulus, isUnsigned: true, isBigEndian: true);
        foreach (var (prime, isPower) in Powers)
        {
            if (!isPower[(int)(modulus % prime)]) return false;
        }

        return true;
    }

    private static bool[] PowersModulo(int prime)
    {
        var isPower = new bool[prime];
        for (var power = 1; !isPower[power]; power = (int)((long)power * Generator % prime)) isPower[power] = true;
        return isPower;
    }
}
