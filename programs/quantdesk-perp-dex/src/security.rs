//! Whom to tell about a vulnerability, readable in the deployed program itself (the security.txt convention of Solana programs).

/// Bytes of the text.
const LENGTH: usize = 320;

/// Keys and values, each ended by a zero byte, between two markers that tools search the program's bytes for.
pub static SECURITY_TXT: [u8; LENGTH] = *b"=======BEGIN SECURITY.TXT V1=======\0\
    name\0QuantDesk perpetual-futures exchange\0\
    project_url\0SECURITY.md of the source repository\0\
    contacts\0other:the security advisories of the source repository (SECURITY.md)\0\
    policy\0SECURITY.md of the source repository\0\
    preferred_languages\0en\0\
    auditors\0None\0\
    =======END SECURITY.TXT V1=======\0";

/// Keeps the text in the program: linkers drop what nothing refers to.
pub fn keep() {
    core::hint::black_box(&SECURITY_TXT);
}
