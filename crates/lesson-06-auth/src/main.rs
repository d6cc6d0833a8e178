//! Lesson 06: Authentication: who is on the other end, and who only says so.

mod visitors;

lab::lesson! {
    port: 9999,
    tools: [finished::KEYGEN],
    experiments: [
        no_login,
        password_in_clear,
        fixed_challenge,
        reflection,
        short_tag,
        early_compare,
        glued_fields,
        split_digest,
        silent_client,
        big_before_login,
        telling_errors,
        after_login,
        wrong_key,
        no_scheme,
        never_closed,
        one_key_for_all,
        lost_ending,
    ]
}
