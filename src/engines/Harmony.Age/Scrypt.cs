using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Harmony.Age;

/// <summary>scrypt (RFC 7914) with salts of any length, which libsodium's binding does not take.</summary>
internal static class Scrypt
{
    private const int SalsaWords = 16; // of a block of Salsa20

    /// <summary>Stretches a passphrase.</summary>
    /// <param name="passphrase">The passphrase.</param>
    /// <param name="salt">The salt.</param>
    /// <param name="cost">N: a power of two.</param>
    /// <param name="blockSize">r, in units of 128 bytes.</param>
    /// <param name="parallelization">p.</param>
    /// <param name="length">Bytes of the derived key.</param>
    public static byte[] Derive(ReadOnlySpan<byte> passphrase, ReadOnlySpan<byte> salt, int cost, int blockSize, int parallelization, int length)
    {
        var words = 2 * SalsaWords * blockSize;
        var blocks = Rfc2898DeriveBytes.Pbkdf2(passphrase, salt, 1, HashAlgorithmName.SHA256, parallelization * words * sizeof(uint));
        var block = new uint[words];
        var table = new uint[cost][];
        for (var i = 0; i < cost; i++) table[i] = new uint[words];
        for (var p = 0; p < parallelization; p++)
        {
            var bytes = blocks.AsSpan(p * words * sizeof(uint), words * sizeof(uint));
            for (var i = 0; i < words; i++) block[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(i * sizeof(uint))..]);
            Mix(block, table);
            for (var i = 0; i < words; i++) BinaryPrimitives.WriteUInt32LittleEndian(bytes[(i * sizeof(uint))..], block[i]);
        }

        return Rfc2898DeriveBytes.Pbkdf2(passphrase, blocks, 1, HashAlgorithmName.SHA256, length);
    }

    /// <summary>scryptROMix (§5).</summary>
    private static void Mix(uint[] block, uint[][] table)
    {
        var other = new uint[block.Length];
        foreach (var row in table)
        {
            block.CopyTo(row, 0);
            MixBlock(row, block);
        }

        for (var i = 0; i < table.Length; i++)
        {
            var row = table[block[^SalsaWords] & (uint)(table.Length - 1)];
            Xor(block, row);
            block.CopyTo(other, 0);
            MixBlock(other, block);
        }
    }

    /// <summary>scryptBlockMix (§4).</summary>
    private static void MixBlock(ReadOnlySpan<uint> block, Span<uint> output)
    {
        Span<uint> state = stackalloc uint[SalsaWords];
        block[^SalsaWords..].CopyTo(state);
        var pieces = block.Length / SalsaWords;
        for (var i = 0; i < pieces; i++)
        {
            Xor(state, block.Slice(i * SalsaWords, SalsaWords));
            Salsa(state);
            // Even pieces first, odd ones behind them.
            state.CopyTo(output[(((i / 2) + (i % 2 * (pieces / 2))) * SalsaWords)..]);
        }
    }

    private static void Xor(Span<uint> into, ReadOnlySpan<uint> with)
    {
        var left = MemoryMarshal.Cast<uint, Vector<uint>>(into);
        var right = MemoryMarshal.Cast<uint, Vector<uint>>(with);
        for (var i = 0; i < left.Length; i++) left[i] ^= right[i];
        for (var i = left.Length * Vector<uint>.Count; i < into.Length; i++) into[i] ^= with[i];
    }

    /// <summary>Salsa20/8 (§3).</summary>
    private static void Salsa(Span<uint> state)
    {
        Span<uint> x = stackalloc uint[SalsaWords];
        state.CopyTo(x);
        for (var round = 0; round < 4; round++)
        {
            Quarter(x, 0, 4, 8, 12);
            Quarter(x, 5, 9, 13, 1);
            Quarter(x, 10, 14, 2, 6);
            Quarter(x, 15, 3, 7, 11);
            Quarter(x, 0, 1, 2, 3);
            Quarter(x, 5, 6, 7, 4);
            Quarter(x, 10, 11, 8, 9);
            Quarter(x, 15, 12, 13, 14);
        }

        for (var i = 0; i < SalsaWords; i++) state[i] += x[i];
    }

    private static void Quarter(Span<uint> x, int a, int b, int c, int d)
    {
        x[b] ^= BitOperations.RotateLeft(x[a] + x[d], 7);
        x[c] ^= BitOperations.RotateLeft(x[b] + x[a], 9);
        x[d] ^= BitOperations.RotateLeft(x[c] + x[b], 13);
        x[a] ^= BitOperations.RotateLeft(x[d] + x[c], 18);
    }
}
