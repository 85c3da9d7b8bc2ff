// [chat_room], [chat_room room="lobby"] or [chat_room layout="launcher"], in any post or page. WordPress 6.5 or later.
add_shortcode( 'chat_room', function ( $attributes ) {
	$attributes = shortcode_atts( array( 'room' => '', 'layout' => 'inline', 'theme' => 'auto' ), $attributes, 'chat_room' );
	wp_enqueue_script_module( 'chat-room', 'https://chat.example.com/widget.js', array(), null );

	return sprintf(
		'<chat-room room="%s" layout="%s" theme="%s" name="%s"></chat-room>',
		esc_attr( $attributes['room'] ),
		esc_attr( $attributes['layout'] ),
		esc_attr( $attributes['theme'] ),
		esc_attr( wp_get_current_user()->display_name )
	);
} );
