using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Harmony.Jmix.Security;

/// <summary>
/// AES-256-GCM (NIST SP 800-38D) over a stream of any length in constant memory. The base library's <see cref="AesGcm"/> wants all bytes at once,
/// so OpenSSL, which .NET needs on Linux anyway, does the work; without OpenSSL a payload may have at most <see cref="MaxBuffered"/> bytes.
/// </summary>
internal abstract class GcmTransform : IDisposable
{
    /// <summary>The longest payload without OpenSSL, bytes.</summary>
    public const int MaxBuffered = 256 * 1024 * 1024;

    /// <summary>The length of the authentication tag, bytes.</summary>
    public const int TagLength = 16;

    /// <summary>The length of the initialisation vector, bytes.</summary>
    public const int IvLength = 12;

    /// <summary>Starts an encryption or decryption.</summary>
    /// <param name="encrypts">The direction.</param>
    /// <param name="key">32 bytes.</param>
    /// <param name="iv">12 bytes, never used twice with one key.</param>
    public static GcmTransform Create(bool encrypts, ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv)
        => OpenSsl.IsAvailable ? new OpenSslGcm(encrypts, key, iv) : new BufferedGcm(encrypts, key, iv);

    /// <summary>Encrypts or decrypts bytes; returns the number written to <paramref name="output"/>, which is at least as long as the input.</summary>
    public abstract int Update(ReadOnlySpan<byte> input, Span<byte> output);

    /// <summary>Ends an encryption: the rest of the output goes to <paramref name="rest"/>, the tag to <paramref name="tag"/>.</summary>
    public abstract void FinishEncryption(IBufferWriter<byte> rest, Span<byte> tag);

    /// <summary>Ends a decryption; false if the tag is wrong: then no plaintext may be used.</summary>
    public abstract bool FinishDecryption(IBufferWriter<byte> rest, ReadOnlySpan<byte> tag);

    /// <inheritdoc/>
    public abstract void Dispose();

    private sealed unsafe class OpenSslGcm : GcmTransform
    {
        private readonly bool _encrypts;
        private nint _context;

        public OpenSslGcm(bool encrypts, ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv)
        {
            _encrypts = encrypts;
            _context = OpenSsl.EVP_CIPHER_CTX_new();
            fixed (byte* k = key, v = iv)
            {
                if (_context == 0 || OpenSsl.EVP_CipherInit_ex(_context, OpenSsl.EVP_aes_256_gcm(), 0, k, v, encrypts ? 1 : 0) != 1)
                    throw new CryptographicException("OpenSSL does not offer AES-256-GCM");
            }
        }

        public override int Update(ReadOnlySpan<byte> input, Span<byte> output)
        {
            if (input.IsEmpty) return 0;
            if (output.Length < input.Length) throw new ArgumentException("the output is shorter than the input", nameof(output));
            fixed (byte* from = input, to = output)
            {
                return OpenSsl.EVP_CipherUpdate(_context, to, out var written, from, input.Length) == 1
                    ? written
                    : throw new CryptographicException("AES-256-GCM: a payload is longer than one key may encrypt");
            }
        }

        public override void FinishEncryption(IBufferWriter<byte> rest, Span<byte> tag)
        {
            var last = stackalloc byte[16];
            fixed (byte* t = tag)
            {
                if (OpenSsl.EVP_CipherFinal_ex(_context, last, out _) != 1
                    || OpenSsl.EVP_CIPHER_CTX_ctrl(_context, OpenSsl.GetTag, tag.Length, t) != 1)
                    throw new CryptographicException("AES-256-GCM: the authentication tag cannot be made");
            }
        }

        public override bool FinishDecryption(IBufferWriter<byte> rest, ReadOnlySpan<byte> tag)
        {
            var last = stackalloc byte[16];
            fixed (byte* t = tag)
            {
                return OpenSsl.EVP_CIPHER_CTX_ctrl(_context, OpenSsl.SetTag, tag.Length, t) == 1
                    && OpenSsl.EVP_CipherFinal_ex(_context, last, out _) == 1;
            }
        }

        public override void Dispose()
        {
            if (_context != 0) OpenSsl.EVP_CIPHER_CTX_free(_context);
            _context = 0;
        }
    }

    private sealed class BufferedGcm(bool encrypts, ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv) : GcmTransform
    {
        private readonly AesGcm _gcm = new(key, TagLength);
        private readonly byte[] _iv = iv.ToArray();
        private readonly MemoryStream _input = new();

        public override int Update(ReadOnlySpan<byte> input, Span<byte> output)
        {
            if (_input.Length + input.Length > MaxBuffered)
            {
                throw new JmixException(JmixFault.TooLarge,
                    $"without OpenSSL (libcrypto) a payload of at most {MaxBuffered >> 20} MiB can be {(encrypts ? "encrypted" : "decrypted")}; install "
                        + "OpenSSL 3");
            }

            _input.Write(input);
            return 0;
        }

        public override void FinishEncryption(IBufferWriter<byte> rest, Span<byte> tag)
        {
            var plain = _input.GetBuffer().AsSpan(0, (int)_input.Length);
            _gcm.Encrypt(_iv, plain, rest.GetSpan(plain.Length)[..plain.Length], tag);
            rest.Advance(plain.Length);
        }

        public override bool FinishDecryption(IBufferWriter<byte> rest, ReadOnlySpan<byte> tag)
        {
            var cipher = _input.GetBuffer().AsSpan(0, (int)_input.Length);
            try
            {
                _gcm.Decrypt(_iv, cipher, tag, rest.GetSpan(cipher.Length)[..cipher.Length]);
                rest.Advance(cipher.Length);
                return true;
            }
            catch (AuthenticationTagMismatchException)
            {
                return false;
            }
        }

        public override void Dispose() => _gcm.Dispose();
    }
}

/// <summary>The five functions of OpenSSL that encrypt a stream. Found at run time: OpenSSL 3, else 1.1.</summary>
internal static unsafe partial class OpenSsl
{
    public const int GetTag = 0x10, SetTag = 0x11; // EVP_CTRL_AEAD_GET_TAG, EVP_CTRL_AEAD_SET_TAG
    private const string Library = "libcrypto";

    private static readonly string[] Names = ["libcrypto.so.3", "libcrypto.so.1.1", "libcrypto.3.dylib", "libcrypto-3-x64.dll", "libcrypto-3-arm64.dll"];
    private static readonly nint Handle = Load();

    /// <summary>Whether OpenSSL is there.</summary>
    public static bool IsAvailable => Handle != 0;

    [LibraryImport(Library)]
    internal static partial nint EVP_CIPHER_CTX_new();

    [LibraryImport(Library)]
    internal static partial void EVP_CIPHER_CTX_free(nint context);

    [LibraryImport(Library)]
    internal static partial nint EVP_aes_256_gcm();

    [LibraryImport(Library)]
    internal static partial int EVP_CipherInit_ex(nint context, nint cipher, nint engine, byte* key, byte* iv, int encrypts);

    [LibraryImport(Library)]
    internal static partial int EVP_CipherUpdate(nint context, byte* output, out int written, byte* input, int length);

    [LibraryImport(Library)]
    internal static partial int EVP_CipherFinal_ex(nint context, byte* output, out int written);

    [LibraryImport(Library)]
    internal static partial int EVP_CIPHER_CTX_ctrl(nint context, int command, int argument, byte* pointer);

    private static nint Load()
    {
        nint found = 0;
        foreach (var name in Names)
        {
            if (NativeLibrary.TryLoad(name, out found)) break;
        }

        if (found != 0) NativeLibrary.SetDllImportResolver(typeof(OpenSsl).Assembly, (name, _, _) => name == Library ? found : 0);
        return found;
    }
}
